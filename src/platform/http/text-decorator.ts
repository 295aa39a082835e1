import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsString, Length, Matches } from 'class-validator';

/** Control and other invisible characters would make two names look the same. That nothing is there is another complaint. */
const VISIBLE = /^[^\p{C}]*$/u;

/** A line of text that people write and read, such as a name: blanks around it are cut, invisible characters refused. */
export function VisibleText(longest: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsString(),
    Length(1, longest),
    Matches(VISIBLE, { message: '$property must not hold invisible characters' }),
  );
}
