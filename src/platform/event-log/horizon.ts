/**
 * Below the oldest running transaction nothing can appear any more: rows read in the order (epoch, transaction id, sequence) up to there
 * are never overtaken by a late commit. Rows of an earlier epoch are all committed.
 * @param row the alias of a table with `epoch` and `xid`
 */
export const belowHorizon = (row: string): string =>
  `(${row}.epoch < (select max(epoch) from event_log.epochs) or ${row}.xid < pg_snapshot_xmin(pg_current_snapshot()))`;
