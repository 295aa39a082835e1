import { lintFromString } from '@redocly/openapi-core';
import { documentRuleset } from './document-ruleset.js';

/** What is wrong with the document: the rule, what it says, and where, one line each. */
export async function lintDocument(document: object): Promise<string[]> {
  const source = JSON.stringify(document, null, 2);
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config: await documentRuleset() });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (at ${location[0]?.pointer ?? '#'})`);
}
