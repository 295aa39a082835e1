import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import type { Explanation } from './explanations.service.js';
import { type Fact, SENTENCES, sentenceOf } from './fact.js';
import { type Language, LANGUAGES } from './sentence-templates.js';

export class ExplanationQuery {
  @ApiProperty({ format: 'uuid', description: 'A token of the account whose order it is.' })
  @IsUUID('loose')
  token_id!: string;

  @ApiPropertyOptional({ enum: LANGUAGES, default: 'en', description: 'Of the sentences; codes and parameters are the same in all.' })
  @IsOptional()
  @IsIn(LANGUAGES)
  lang: Language = 'en';
}

export class SentenceView {
  @ApiProperty({
    description: 'Made of the code and the parameters alone.',
    example: '2026-03-01 09:10:00 UTC: The order became known with it, status BOUGHT.',
  })
  text!: string;

  @ApiProperty({ enum: Object.keys(SENTENCES), example: 'became_known' })
  code!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it was recorded; null for what is so now and what comes.' })
  at!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Of the event in the order’s log that it tells of.', example: 2 })
  version!: number | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string', nullable: true }, { type: 'number' }, { type: 'array', items: { type: 'string' } }] },
    description: 'Ids, instants, places and counts; never a value of a buyer.',
    example: { status: 'BOUGHT' },
  })
  parameters!: Readonly<Record<string, string | number | readonly string[] | null>>;
}

export class ExplanationView {
  @ApiProperty({ example: '29738e61-7f6a-11e8-ac45-09db60ede9d6' }) order_id!: string;
  @ApiProperty({ format: 'uuid' }) token_id!: string;
  @ApiProperty({ enum: LANGUAGES }) lang!: Language;
  @ApiProperty({ type: [SentenceView], description: 'What arrived, was held, kept, merged or ignored; oldest first.' }) past!: SentenceView[];
  @ApiProperty({ type: [SentenceView], description: 'How the order stands, its flags and claims.' }) now!: SentenceView[];
  @ApiProperty({ type: [SentenceView], description: 'What happens next and what it waits for.' }) next!: SentenceView[];
}

function sentenceView(fact: Fact, language: Language): SentenceView {
  const { code, at, version, parameters } = fact;
  const plain = Object.entries(parameters).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value] as const);
  return { text: sentenceOf(fact, language), code, at: at?.toISOString() ?? null, version, parameters: Object.fromEntries(plain) };
}

export function explanationView({ past, now, next }: Explanation, about: { orderId: string; tokenId: string; language: Language }): ExplanationView {
  const { orderId, tokenId, language } = about;
  const told = (facts: readonly Fact[]) => facts.map((fact) => sentenceView(fact, language));
  return { order_id: orderId, token_id: tokenId, lang: language, past: told(past), now: told(now), next: told(next) };
}
