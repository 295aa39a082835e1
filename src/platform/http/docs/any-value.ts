/** Documents a member that holds any JSON value: without it the document would say it is an object. */
export const ANY_VALUE = {
  nullable: true,
  example: 'NEW',
  oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'object' }, { type: 'array', items: {} }],
};
