import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Role, TenantScope } from './tenant-scope.js';

export const PUBLIC = 'access:public';
export const ROLES = 'access:roles';

export interface ScopedRequest {
  tenantScope?: TenantScope;
}

/** A route or controller that answers without a token. */
export function Public(): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(PUBLIC, true), ApiExtension('x-public', true));
}

/**
 * The roles a route asks for; without it every role may call it in the own tenant, and in another tenant support may read
 * and operators may do all. Sellers' own calls list `seller`.
 */
export function Roles(...roles: readonly Role[]): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(ROLES, roles), ApiBearerAuth(), ApiExtension('x-roles', [...roles]));
}

/** The tenant scope of the request: `user_id=` of staff is already applied and audited. */
export const CurrentScope = createParamDecorator((_: unknown, context: ExecutionContext): TenantScope => {
  const { tenantScope } = context.switchToHttp().getRequest<ScopedRequest>();
  if (tenantScope === undefined) throw new Error('a public route asked for the tenant scope');
  return tenantScope;
});
