import { describe, expect, it } from '@jest/globals';
import { ConfigurationMistakes } from './configuration.js';
import { migrationUrls, readingUrl } from './connection-urls.js';
import { EnvironmentReader } from './environment-reader.js';

const OWNER = 'postgresql://owner@127.0.0.1/orders';
const SERVICE = 'postgresql://service@127.0.0.1/orders';
const files = (path: string): string => ({ '/owner': `${OWNER}\n`, '/service': SERVICE, '/empty': '' })[path] ?? '';

function mistakesOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationMistakes) return error.mistakes;
    throw error;
  }
  return [];
}

describe('the connections of the migrate step', () => {
  it.each([
    ['given directly', { DATABASE_OWNER_URL: OWNER, DATABASE_URL: SERVICE }],
    ['given as files', { DATABASE_OWNER_URL_FILE: '/owner', DATABASE_URL_FILE: '/service' }],
    ['given as files beside empty variables', { DATABASE_OWNER_URL: '', DATABASE_OWNER_URL_FILE: '/owner', DATABASE_URL: ' ', DATABASE_URL_FILE: '/service' }],
  ])('are read as the service reads them: %s', (_how, env) => {
    const { ownerUrl, serviceUrl } = migrationUrls(env, files);
    expect([ownerUrl.reveal(), serviceUrl.reveal()]).toEqual([OWNER, SERVICE]);
  });

  it('name every mistake at once, never a value', () => {
    expect(mistakesOf(() => migrationUrls({}))).toEqual([
      'DATABASE_OWNER_URL is not set (nor DATABASE_OWNER_URL_FILE)',
      'DATABASE_URL is not set (nor DATABASE_URL_FILE)',
    ]);
    const wrong = mistakesOf(() => migrationUrls({ DATABASE_OWNER_URL: 'mysql://canary', DATABASE_URL_FILE: '/empty' }, files));
    expect(wrong).toEqual([expect.stringContaining('DATABASE_OWNER_URL must be an address'), 'the file named by DATABASE_URL_FILE is empty']);
    expect(wrong.join()).not.toContain('canary');
  });
});

describe('the connection of a reading command', () => {
  it('may come as a file, beside an empty variable too', () => {
    expect(readingUrl({ DATABASE_URL: '', DATABASE_URL_FILE: '/service' }, files).reveal()).toBe(SERVICE);
  });

  it('has no default', () => {
    expect(mistakesOf(() => readingUrl({}))).toEqual(['DATABASE_URL is not set (nor DATABASE_URL_FILE)']);
  });
});

describe('a setting is given', () => {
  it.each([
    [{}, false],
    [{ DATABASE_URL: '' }, false],
    [{ DATABASE_URL: SERVICE }, true],
    [{ DATABASE_URL_FILE: '/service' }, true],
    [{ DATABASE_URL: '', DATABASE_URL_FILE: '/service' }, true],
    [{ DATABASE_URL: ' ', DATABASE_URL_FILE: '' }, false],
  ])('%j: %s', (env, given) => {
    expect(new EnvironmentReader(env).isGiven('DATABASE_URL')).toBe(given);
  });
});
