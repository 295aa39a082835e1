import type { JsonObject } from '../core/json.js';
import { withholdPersonalData } from '../platform/vault/withheld.js';
import { csvRecord, type Delimiter } from './csv.js';
import { ORDER_COLUMNS } from './order-columns.js';

export type ExportFormat = 'csv' | 'json' | 'ndjson';

export interface ExportOptions {
  readonly delimiter: Delimiter;
  /** A byte order mark in front, by which Excel knows UTF-8. */
  readonly bom: boolean;
  /** Buyers' personal data is withheld; exports of before this was asked hold it. */
  readonly withheld?: boolean;
}

/** How orders become a file: what stands before them, each of them, and what ends it. */
export interface Rendition {
  readonly contentType: string;
  readonly head: string;
  /** @param json JSON text of the order. @param place counted from 0 over the whole file */
  order(json: string, place: number): string;
  foot(orders: number): string;
}

const BYTE_ORDER_MARK = '\uFEFF';
/** Between the tokens of a JSON text only: inside of a string a line break is written `\n`. */
const LINE_BREAKS = /[\r\n]+/g;

function csv({ delimiter, bom }: ExportOptions): Rendition {
  const names = csvRecord(
    ORDER_COLUMNS.map(({ name }) => name),
    delimiter,
  );
  return {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: `${bom ? BYTE_ORDER_MARK : ''}${names}`,
    order(json) {
      const order = JSON.parse(json) as JsonObject;
      return csvRecord(
        ORDER_COLUMNS.map(({ cell }) => cell(order)),
        delimiter,
      );
    },
    foot: () => '',
  };
}

const JSON_DOCUMENT: Rendition = {
  contentType: 'application/json; charset=utf-8',
  head: '{"success":true,"orders":[',
  order: (json, place) => `${place === 0 ? '\n' : ',\n'}${json}`,
  foot: (orders) => `\n],"total":${String(orders)}}\n`,
};

const NDJSON: Rendition = {
  contentType: 'application/x-ndjson; charset=utf-8',
  head: '',
  order: (json) => `${json.replaceAll(LINE_BREAKS, ' ')}\n`,
  foot: () => '',
};

function formatted(format: ExportFormat, options: ExportOptions): Rendition {
  if (format === 'csv') return csv(options);
  return format === 'json' ? JSON_DOCUMENT : NDJSON;
}

export function renditionOf(format: ExportFormat, options: ExportOptions): Rendition {
  const rendition = formatted(format, options);
  if (options.withheld !== true) return rendition;
  return { ...rendition, order: (json, place) => rendition.order(JSON.stringify(withholdPersonalData(JSON.parse(json) as JsonObject)), place) };
}
