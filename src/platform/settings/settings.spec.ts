import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Configuration } from '../config/configuration.js';
import type { InstallationSetting, TenantSetting } from './setting.js';
import { Settings } from './settings.service.js';

const COUNT = { unit: 'things', type: 'integer', fallback: 5, min: 1, max: 10, sentence: 'So many.' } as const;
const ONE: InstallationSetting = { ...COUNT, name: 'test.one', perTenant: false };
const EACH: TenantSetting = { ...COUNT, name: 'test.each', perTenant: true };

let settings: Settings;
beforeEach(() => {
  settings = new Settings({ http: { port: 7 } } as Configuration);
});

describe('a setting', () => {
  it('is what the database says last, of the tenant before the installation, else the default', () => {
    const [one, each] = [settings.live(ONE), settings.live(EACH)];
    expect([one(), each('a')]).toEqual([5, 5]);
    settings.hold([
      { name: 'test.one', tenantId: null, value: 6 },
      { name: 'test.each', tenantId: null, value: 7 },
      { name: 'test.each', tenantId: 'a', value: 8 },
    ]);
    expect([one(), each('a'), each('b')]).toEqual([6, 8, 7]);
    settings.hold([]);
    expect([one(), each('a'), each('b')]).toEqual([5, 5, 5]);
  });

  it('has the default of the environment, where it names a variable', () => {
    const port = settings.live({ ...ONE, environment: { variable: 'PORT', value: ({ http }) => http.port } });
    expect(port()).toBe(7);
  });

  it('falls back where a value is not accepted, which is answered', () => {
    const each = settings.live(EACH);
    const refused = { name: 'test.each', tenantId: 'a', value: 11 };
    expect(settings.hold([{ name: 'test.each', tenantId: null, value: 9 }, refused, { name: 'test.unknown', tenantId: null, value: 1 }])).toEqual([refused]);
    expect(each('a')).toBe(9);
    expect(settings.hold([{ name: 'test.each', tenantId: null, value: '9' }])).toHaveLength(1);
    expect(each('a')).toBe(5);
  });

  it('of the installation alone has no values of tenants, whatever the database says', () => {
    const one = settings.live(ONE);
    settings.hold([{ name: 'test.one', tenantId: 'a', value: 9 }]);
    expect(one()).toBe(5);
  });

  it('is read in groups by the names of its reader', () => {
    const group = settings.liveGroup({ first: ONE });
    settings.hold([{ name: 'test.one', tenantId: null, value: 2 }]);
    expect(group()).toEqual({ first: 2 });
  });

  it('is declared once, by constructors alone', () => {
    settings.live(ONE);
    expect(() => settings.live({ ...ONE })).toThrow('declared twice');
    settings.onModuleInit();
    expect(() => settings.live(ONE)).not.toThrow();
    expect(() => settings.live(EACH)).toThrow('too late');
    expect(settings.catalogue).toEqual([ONE]);
  });
});
