import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsDate, IsString, Length, ValidateIf } from 'class-validator';
import { BooleanQuery, ClampedIntQuery, IntQuery } from '../platform/http/query-decorators.js';
import { parseInstant } from '../platform/http/query-values.js';
import { VisibleText } from '../platform/http/text-decorator.js';

/** Room for any name a person writes; the column holds as many. */
const LONGEST_ACCOUNT_NAME = 255;
/** Allegro's tokens are some 2,000 characters with all scopes; a multiple of that. */
const LONGEST_TOKEN = 16_384;
/** The contract's clamp: clients send 1000. */
const MOST_PER_PAGE = 100;
/** Keeps the offset within what PostgreSQL counts. */
const LAST_PAGE = 1_000_000;
function instant({ value }: { value: unknown }): unknown {
  return typeof value === 'string' ? (parseInstant(value) ?? value) : value;
}

const NO_INSTANT = { message: 'expires_at must be a date and time such as 2026-03-01T12:00:00Z' };

export class ImportTokenBody {
  @ApiProperty({ description: 'The name you give the account; unique among your active tokens.' })
  @VisibleText(LONGEST_ACCOUNT_NAME)
  account_name!: string;

  @ApiProperty()
  @IsString()
  @Length(1, LONGEST_TOKEN)
  allegro_token!: string;

  @ApiProperty()
  @IsString()
  @Length(1, LONGEST_TOKEN)
  refresh_token!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the access token ends; without an offset it is UTC.' })
  @Transform(instant)
  @IsDate(NO_INSTANT)
  expires_at!: Date;
}

/** A field that may be left out, but is not null. */
const Given = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

export class UpdateTokenBody {
  @ApiPropertyOptional({ example: 'shop-warsaw' })
  @Given()
  @VisibleText(LONGEST_ACCOUNT_NAME)
  account_name?: string;

  @ApiPropertyOptional()
  @Given()
  @IsString()
  @Length(1, LONGEST_TOKEN)
  allegro_token?: string;

  @ApiPropertyOptional()
  @Given()
  @IsString()
  @Length(1, LONGEST_TOKEN)
  refresh_token?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @Given()
  @Transform(instant)
  @IsDate(NO_INSTANT)
  expires_at?: Date;

  @ApiPropertyOptional()
  @Given()
  @IsBoolean()
  is_active?: boolean;
}

export class ActiveOnlyQuery {
  @BooleanQuery({ fallback: true })
  active_only = true;
}

export class TokenListQuery extends ActiveOnlyQuery {
  @IntQuery({ min: 1, max: LAST_PAGE, fallback: 1 })
  page = 1;

  @ClampedIntQuery({ min: 1, max: MOST_PER_PAGE, fallback: 10 })
  per_page = 10;
}
