/** The tables whose line differs between two answers of `InterfaceStage.stored`. */
export function changedTables(before: string, after: string): string {
  const known = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => !known.has(line))
    .map((line) => line.split(' ')[0])
    .join(', ');
}
