import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** A day to bring a new secret to every machine. */
export const USUAL_OVERLAP_HOURS = 24;
const MOST_HOURS = 168;

/** For how long a secret that was exchanged is taken beside the new one: optional, a week at most. */
export function OverlapHours(description: string): PropertyDecorator {
  const bounds = { minimum: 0, maximum: MOST_HOURS, default: USUAL_OVERLAP_HOURS };
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', nullable: true, example: USUAL_OVERLAP_HOURS, ...bounds, description }),
    IsOptional(),
    IsInt(),
    Min(0),
    Max(MOST_HOURS),
  );
}
