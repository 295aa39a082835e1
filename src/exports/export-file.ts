import type { ExportFilter } from '../orders/orders-for-export.read-model.js';
import type { ExportFormat, ExportOptions } from './rendition.js';

/** How far a file is written. */
export interface Place {
  readonly ordersDone: number;
  readonly bytes: number;
}

/** One piece of a file, sealed; place and length are those of its plain bytes. */
export interface Piece {
  readonly startsAt: number;
  readonly length: number;
  readonly sealed: Buffer;
}

export interface NewExport {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly tokenId: string;
  readonly taskId: string;
  readonly format: ExportFormat;
  readonly options: ExportOptions;
  readonly filters: ExportFilter;
  readonly createdBy: string;
}

export type ExportState = 'waiting' | 'running' | 'ready' | 'failed' | 'expired' | 'erased';

/** An export of orders into a file. */
export interface ExportFile extends NewExport, Place {
  readonly state: ExportState;
  /** Null until its orders were chosen. */
  readonly ordersTotal: number | null;
  readonly snapshotAt: Date | null;
  readonly sha256: Buffer | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly expiresAt: Date | null;
}

const INSTANTS = ['from_date', 'to_date', 'dispatch_from', 'dispatch_to'] as const;

/** Filters as they come back from the database: instants are texts there. */
export function revivedFilter(stored: Readonly<Record<string, unknown>>): ExportFilter {
  const instants = INSTANTS.flatMap((name) => (typeof stored[name] === 'string' ? [[name, new Date(stored[name])] as const] : []));
  return { ...stored, ...Object.fromEntries(instants) };
}
