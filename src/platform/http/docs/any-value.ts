/** Documents a member that holds any JSON value: without it the document would say it is an object. */
export const ANY_VALUE = {
  example: 'NEW',
  oneOf: [{ type: 'string', nullable: true }, { type: 'number' }, { type: 'boolean' }, { type: 'object' }, { type: 'array', items: {} }],
};
