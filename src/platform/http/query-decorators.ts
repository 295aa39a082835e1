import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsDate, IsIn, IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import { parseBoolean, parseInstant, parseInteger } from './query-values.js';

export interface IntegerRange {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
  readonly description?: string;
}

/** Four times what a cursor has. */
const LONGEST_CURSOR = 400;

interface Described {
  readonly nullable?: boolean;
  readonly description?: string;
}

/** Reads the text of a query parameter; what cannot be read stays as it is, and the validator refuses it. */
function ReadAs(read: (text: string) => unknown): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (read(value) ?? value) : value));
}

interface ReadOptions {
  readonly groups?: readonly string[];
}

const isQuery = ({ groups }: ReadOptions): boolean => groups?.includes('query') === true;

/** Reads the text of a query only: a body has booleans of its own. */
function ReadQueryAs(read: (text: string) => unknown): PropertyDecorator {
  return Transform(({ value, options }: { value: unknown; options: ReadOptions }) =>
    typeof value === 'string' && isQuery(options) ? (read(value) ?? value) : value,
  );
}

/** Forms that offer "all" send an empty text. */
export const EmptyIsAbsent = (): PropertyDecorator => Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));

/** An optional text of at most `longest` characters. */
export function TextQuery({ longest, ...described }: Described & { readonly longest: number; readonly example?: string }): PropertyDecorator {
  return applyDecorators(ApiPropertyOptional({ type: String, maxLength: longest, ...described }), EmptyIsAbsent(), IsOptional(), Length(1, longest));
}

/** One of these values, or none; the fallback is what none means. */
export function ChoiceQuery({
  values,
  fallback,
  ...described
}: Described & { readonly values: readonly string[]; readonly fallback: string }): PropertyDecorator {
  return applyDecorators(ApiPropertyOptional({ enum: values, default: fallback, ...described }), EmptyIsAbsent(), IsOptional(), IsIn(values));
}

/** Where the page before ended. An empty one is none in a query; in a body it is a mistake. */
export function CursorQuery(described: Described = {}): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, maxLength: LONGEST_CURSOR, description: '`next_cursor` of the page before.', ...described }),
    Transform(({ value, options }: { value: unknown; options: ReadOptions }) => (value === '' && isQuery(options) ? undefined : value)),
    IsOptional(),
    Length(1, LONGEST_CURSOR),
  );
}

/** An optional boolean: in a query `true|false|True|False|1|0`, in a body JSON's own. */
export function BooleanQuery(options: Described & { readonly fallback?: boolean } = {}): PropertyDecorator {
  const { fallback, ...described } = options;
  return applyDecorators(
    ApiPropertyOptional({ type: Boolean, ...described, ...(fallback === undefined ? {} : { default: fallback }) }),
    IsOptional(),
    ReadQueryAs(parseBoolean),
    IsBoolean({ message: '$property must be true or false' }),
  );
}

/** An optional instant of a query as a Date: RFC 3339 with an offset, or without one, then UTC. */
export function InstantQuery(options: Described = {}): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, format: 'date-time', ...options }),
    IsOptional(),
    ReadAs(parseInstant),
    IsDate({ message: '$property must be a date and time such as 2026-03-01T12:00:00Z' }),
  );
}

/** An optional whole number of a query within its bounds; the fallback is the property's initial value. */
export function IntQuery({ min, max, fallback, description }: IntegerRange): PropertyDecorator {
  const message = `$property must be a whole number from ${String(min)} to ${String(max)}`;
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: min, maximum: max, default: fallback, ...(description === undefined ? {} : { description }) }),
    IsOptional(),
    ReadAs(parseInteger),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

/** An instant that must be given, in a query or a body, as a Date: as {@link InstantQuery} reads it. */
export function RequiredInstant(options: { readonly description?: string; readonly example?: string } = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date-time', ...options }),
    ReadAs(parseInstant),
    IsDate({ message: '$property must be a date and time such as 2026-03-01T12:00:00Z' }),
  );
}

/** A page size whose excess is cut instead of refused: clients of the predecessor ask for 1,000. */
export function ClampedIntQuery({ min, max, fallback, description }: IntegerRange): PropertyDecorator {
  const message = `$property must be a whole number of at least ${String(min)}`;
  const clamp = (text: string): number | null => {
    const value = parseInteger(text);
    return value === null ? null : Math.min(value, max);
  };
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: min, default: fallback, description: description ?? `more than ${String(max)} is cut to ${String(max)}` }),
    IsOptional(),
    ReadAs(clamp),
    IsInt({ message }),
    Min(min, { message }),
  );
}
