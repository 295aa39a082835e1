import type { Language } from './sentence-templates.js';
import { TEMPLATES } from './sentence-templates.js';
import { STATE_TEMPLATES } from './state-templates.js';

/** Every sentence there is. */
export const SENTENCES = { ...TEMPLATES, ...STATE_TEMPLATES };
export type SentenceCode = keyof typeof SENTENCES;
export type FactValue = string | number | Date | readonly string[] | null;

/** The parameters a template names. */
type Names<Template> = Template extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type ParametersOf<Code extends SentenceCode> = Record<Names<(typeof SENTENCES)[Code]['en']>, FactValue>;

/** One thing that is so or was so; its sentence is made of nothing else. */
export interface Fact {
  readonly code: SentenceCode;
  /** When we recorded it; null for what is so now and what comes. */
  readonly at: Date | null;
  /** Of the event in the order's log; null for what is no event. */
  readonly version: number | null;
  readonly parameters: Readonly<Record<string, FactValue>>;
}

/** A fact with every parameter its sentence names. */
export function fact<Code extends SentenceCode>(
  code: Code,
  parameters: ParametersOf<Code> & Readonly<Record<string, FactValue>>,
  when: { readonly at: Date; readonly version?: number } | null = null,
): Fact {
  return { code, at: when?.at ?? null, version: when?.version ?? null, parameters };
}

const instantText = (instant: Date): string => `${instant.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function text(value: FactValue | undefined): string {
  if (value instanceof Date) return instantText(value);
  if (Array.isArray(value)) return value.join(', ');
  return value === null || value === undefined ? '?' : String(value);
}

/** The sentence of a fact. */
export function sentenceOf({ code, at, parameters }: Fact, language: Language): string {
  const template: string = SENTENCES[code][language];
  const isKnown = (part: string): boolean => [...part.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => (parameters[name] ?? null) !== null);
  const whole = template.replaceAll(/\[([^\]]*)\]/g, (_, part: string) => (isKnown(part) ? part : ''));
  const sentence = whole.replaceAll(/\{(\w+)\}/g, (_, name: string) => text(parameters[name]));
  return at === null ? sentence : `${instantText(at)}: ${sentence}`;
}
