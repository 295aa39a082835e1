import { SignJWT } from 'jose';

export interface DemoAccess {
  readonly seller: string;
  readonly operator: string;
  readonly support: string;
}

/** The one tenant of the demo; all three roles belong to it, so each token reads its orders. */
const DEMO_TENANT = 'demo';
/** Long enough for a trial over some days, since a restart prints new ones. */
const VALID_FOR = '7d';

/** A bearer token for each role, signed as the service expects. */
export async function demoAccess(jwtSecret: string): Promise<DemoAccess> {
  const [seller, operator, support] = await Promise.all((['seller', 'operator', 'support'] as const).map((role) => sign(role, jwtSecret)));
  if (seller === undefined || operator === undefined || support === undefined) throw new Error('A role has no token.');
  return { seller, operator, support };
}

function sign(role: string, jwtSecret: string): Promise<string> {
  return new SignJWT({ user_id: DEMO_TENANT, sub: `${DEMO_TENANT}-${role}`, roles: [role] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(VALID_FOR)
    .sign(new TextEncoder().encode(jwtSecret));
}
