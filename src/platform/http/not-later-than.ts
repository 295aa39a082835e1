import { ValidateBy } from 'class-validator';

/** Of two instants of one query, this one does not lie behind the other; where one is missing nothing is said. */
export function NotLaterThan(other: string): PropertyDecorator {
  return ValidateBy({
    name: 'notLaterThan',
    validator: {
      validate: (value: unknown, args): boolean => {
        const end = (args?.object as Readonly<Record<string, unknown>> | undefined)?.[other];
        return !(value instanceof Date && end instanceof Date) || value <= end;
      },
      defaultMessage: () => `must not be later than ${other}`,
    },
  });
}
