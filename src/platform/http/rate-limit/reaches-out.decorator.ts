import { SetMetadata } from '@nestjs/common';

export const REACHES_OUT = 'rate-limit:reaches-out';

/** A call that asks Allegro or sends something to somebody: of these a tenant may make fewer than of others. */
export function ReachesOut(): ClassDecorator & MethodDecorator {
  return SetMetadata(REACHES_OUT, true);
}
