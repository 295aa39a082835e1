import { FAULTS, isFaultName, type FaultName } from './fault-names.js';

export interface FaultSetting {
  /** Share of requests, events or orders struck, 0 to 1. */
  readonly rate: number;
  readonly argument: string | null;
}

export type FaultSpec = ReadonlyMap<FaultName, FaultSetting>;

/** About 1 % of requests fail in the ways they fail in practice, and the journal is as untidy as the real one. */
export const DEFAULT_FAULTS =
  '429=0.001:1,5xx=0.004,slow=0.002:1500,cut=0.002,html200=0.001,html400=0.001,token5xx=0.005,duplicate=0.05,late=0.01:60000,shuffle=1';

function parseSetting(word: string): [FaultName, FaultSetting] {
  const [, name = '', rate = '', argument = null] = /^([a-z0-9-]+)=(\d*\.?\d+)(?::(\w+))?$/.exec(word) ?? [];
  if (isFaultName(name) && Number(rate) <= 1) return [name, { rate: Number(rate), argument }];
  const names = Object.keys(FAULTS).join(', ');
  throw new Error(`fault "${word}" is not name=rate[:argument]; rates are 0 to 1, names: ${names}`);
}

/**
 * Reads `429=0.01,slow=0.005:2000`; `default` stands for the mild mix and may be followed by settings that override it,
 * an empty text or `none` for no faults.
 * @throws Error naming the setting that is wrong
 */
export function parseFaults(text: string): FaultSpec {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .flatMap((word) => (word === 'default' ? DEFAULT_FAULTS.split(',') : [word]))
    .filter((word) => word !== '' && word !== 'none');
  return new Map(words.map(parseSetting));
}
