import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const SECRET_ANSWER = 'idempotency:secret-answer';

/** The answer shows a secret once: a request that is repeated does nothing, and is not shown it again. */
export const SecretAnswer = (): CustomDecorator => SetMetadata(SECRET_ANSWER, true);
