import { createConfig } from '@redocly/openapi-core';
import { documentRules } from './document-rules.js';

/** What the document must be, by the linter's own rules and by those of this service; every one of them is an error. */
export const documentRuleset = (): ReturnType<typeof createConfig> =>
  createConfig({
    plugins: [{ id: 'service', rules: { oas3: documentRules } }],
    extends: ['recommended'],
    rules: {
      ...Object.fromEntries(ERRORS.map((rule) => [rule, 'error'])),
      ...Object.fromEntries(Object.keys(documentRules).map((rule) => [`service/${rule}`, 'error'])),
      'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: false },
      'no-invalid-schema-examples': { severity: 'error', allowAdditionalProperties: true },
      'no-invalid-parameter-examples': { severity: 'error', allowAdditionalProperties: false },
      // An operator sets the address of an installation; the document is served by it.
      'no-empty-servers': 'off',
      // The wire contract fixes these addresses: `/orders/search` beside `/orders/{order_id}`.
      'no-ambiguous-paths': 'off',
    },
  });

/** Rules that are warnings or off by default and hold here. */
const ERRORS = [
  'info-license',
  'no-duplicated-enum-values',
  'no-duplicated-tag-names',
  'no-identical-paths',
  'no-path-trailing-slash',
  'no-required-schema-properties-undefined',
  'no-schema-type-mismatch',
  'no-unused-components',
  'operation-2xx-response',
  'operation-4xx-response',
  'operation-description',
  'operation-operationId',
  'operation-operationId-unique',
  'operation-operationId-url-safe',
  'operation-parameters-unique',
  'operation-singular-tag',
  'operation-summary',
  'operation-tag-defined',
  'path-parameters-defined',
  'security-defined',
  'tag-description',
];
