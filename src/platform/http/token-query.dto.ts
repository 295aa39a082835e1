import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { UUID } from '../../core/uuid.js';

/** What every call about one account is asked with. */
export class TokenQuery {
  @ApiProperty({ format: 'uuid', description: 'The token whose account is meant; one that was deleted still names its account.' })
  @Matches(UUID, { message: 'token_id must be the UUID of a token' })
  token_id!: string;
}
