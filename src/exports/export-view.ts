import type { ExportFile } from './export-file.js';
import type { ExportView } from './exports.dto.js';

const textOf = (instant: Date | null): string | null => instant?.toISOString() ?? null;

/** An export as its tenant sees it. */
export function exportViewOf(file: ExportFile): ExportView {
  const { id, state, format, options, ordersDone: rows, ordersTotal, bytes, taskId, finishedAt } = file;
  return {
    id,
    state,
    format,
    personal_data: options.withheld !== true,
    progress: finishedAt ? 1 : progressOf(rows, ordersTotal),
    rows,
    rows_total: ordersTotal,
    bytes,
    sha256: file.sha256?.toString('hex') ?? null,
    snapshot_at: textOf(file.snapshotAt),
    created_at: file.createdAt.toISOString(),
    finished_at: textOf(finishedAt),
    expires_at: textOf(file.expiresAt),
    task_id: taskId,
  };
}

function progressOf(rows: number, total: number | null): number {
  return total === null || total === 0 ? 0 : rows / total;
}
