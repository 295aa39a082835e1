import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { VisibleText } from '../http/text-decorator.js';

/** A sentence, not a document. */
const LONGEST_REASON = 500;
const SAID = { type: String, example: 'ticket 4711', description: 'Why, for the history; kept for ever, so it names no buyer.', maxLength: LONGEST_REASON };

/** Why a setting is changed; it has to be said. */
export function RequiredReason(): PropertyDecorator {
  return applyDecorators(ApiProperty(SAID), VisibleText(LONGEST_REASON));
}

/** Why a setting goes back to its default. */
export function OptionalReason(): PropertyDecorator {
  return applyDecorators(ApiPropertyOptional(SAID), IsOptional(), VisibleText(LONGEST_REASON));
}
