export type Role = 'seller' | 'operator' | 'support';

/** Whose rows a request may touch. Every read and write of the service takes one; there is no way around it. */
export interface TenantScope {
  /** The tenant acted upon: the caller's own, or the one named by `user_id=`. */
  readonly tenantId: string;
  /** In the own tenant staff are sellers too; in another tenant only what their role allows. */
  readonly roles: ReadonlySet<Role>;
  /** Who acts: the token's `sub`, else its tenant. */
  readonly actor: string;
  readonly acrossTenants: boolean;
  /** Whether answers may hold buyers' personal data; where not, it is withheld on the way out. */
  readonly seesPersonalData: boolean;
}
