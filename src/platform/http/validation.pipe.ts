import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { type FieldError, validationFailed } from './http.errors.js';

const PLAIN_TYPES: readonly unknown[] = [Object, String, Number, Boolean, Array];
/** More would be an echo of the attack. */
const MAX_ERRORS = 50;

function isDto(metatype: ArgumentMetadata['metatype']): metatype is ClassConstructor<object> {
  return metatype !== undefined && !PLAIN_TYPES.includes(metatype);
}

function fieldErrors(errors: readonly ValidationError[], path = ''): FieldError[] {
  return errors.flatMap((error) => {
    const field = Array.isArray(error.target) ? `${path}[${error.property}]` : [path, error.property].filter((part) => part !== '').join('.');
    const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
      field: field.slice(0, 200),
      message: constraint === 'whitelistValidation' ? 'is not a known field' : withoutName(message, error.property),
    }));
    return [...own, ...fieldErrors(error.children ?? [], field)];
  });
}

/** class-validator begins its sentences with the property's name, which stands beside them already. */
function withoutName(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}

/**
 * Checks bodies and queries against their DTO. Values are never converted by guess: a query DTO says how each text is read.
 * Unknown fields of a body are refused by name, unknown query parameters ignored.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype, type } = metadata;
    if (!['body', 'query'].includes(type) || !isDto(metatype)) return value;
    if (typeof (value ?? {}) !== 'object' || Array.isArray(value)) throw validationFailed([{ field: 'body', message: 'must be a JSON object' }]);
    const dto = plainToInstance(metatype, value ?? {}, { enableImplicitConversion: false, exposeUnsetFields: false, groups: [type] });
    const errors = await validate(dto, {
      whitelist: true,
      forbidNonWhitelisted: type === 'body',
      forbidUnknownValues: true,
      stopAtFirstError: true,
      validationError: { target: true, value: false },
    });
    if (errors.length > 0) throw validationFailed(fieldErrors(errors).slice(0, MAX_ERRORS));
    return dto;
  }
}
