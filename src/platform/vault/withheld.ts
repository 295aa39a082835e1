import { isJsonObject, type JsonValue, mapMembers } from '../../core/json.js';
import { ERASED, NOT_STORED, PERSONAL_OBJECTS, PERSONAL_VALUES } from './personal-data.js';

/** What a reader sees who may not see buyers' personal data. */
export const WITHHELD = '[withheld]';

/** These say nothing of a buyer. */
const EMPTY: readonly unknown[] = [null, '', ERASED, NOT_STORED, WITHHELD];

/** Our own members are written in snake_case. */
const folded = (name: string): string => name.replaceAll(/[_-]/g, '').toLowerCase();

/**
 * What is sealed in the log is withheld from answers, whatever stands there; and beside it the pickup point, which says where somebody lives,
 * and what a webhook's receiver answered, which may repeat the order.
 */
const PERSONAL_NAMES: ReadonlySet<string> = new Set([...PERSONAL_OBJECTS, ...PERSONAL_VALUES, 'pickupPoint', 'personalIdentity', 'answer'].map(folded));

/** Members beside a `path` that hold what stands there. */
const VALUES_AT_A_PATH: ReadonlySet<string> = new Set(['old', 'new', 'value']);

const isPersonalName = (name: string): boolean => PERSONAL_NAMES.has(folded(name));

/** Whether a place such as `delivery.address.city` or `lineItems[7].buyer` is within something personal. */
function isPersonalPath(path: JsonValue | undefined): boolean {
  return typeof path === 'string' && path.split(/[.[\]]/).some(isPersonalName);
}

/** A copy of an answer in which everything personal of a buyer reads {@link WITHHELD}; what is empty stays so. */
export function withholdPersonalData(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withholdPersonalData);
  if (!isJsonObject(value)) return value;
  const isChange = isPersonalPath(value['path']);
  return mapMembers(value, (name, member) => {
    const isPersonal = isPersonalName(name) || (isChange && VALUES_AT_A_PATH.has(name));
    return isPersonal && !EMPTY.includes(member) ? WITHHELD : withholdPersonalData(member);
  });
}
