/** A word to be looked for instead of one with a slip in it. 1: the word itself. */
export interface NearWord {
  readonly word: string;
  readonly similarity: number;
}

/** Two slips in five letters are the most that is still that word; two in four may be any other. */
const LEAST_SIMILARITY = 0.6;
/** The nearest few: more would only make the search slower and its answer longer. */
const MOST_NEAR = 5;
/** A word that takes a slip more than the nearest one is hardly what was meant. */
const AS_NEAR = 0.05;

/** Those of the candidates that `written` was most likely meant for, the nearest first. */
export function nearWords(written: string, candidates: readonly string[]): NearWord[] {
  const near = candidates.map((word) => ({ word, similarity: similarity(written, word) })).filter((word) => word.similarity >= LEAST_SIMILARITY);
  const best = Math.max(0, ...near.map((word) => word.similarity));
  const nearest = near.filter((word) => word.similarity >= best - AS_NEAR);
  return nearest.sort((one, other) => other.similarity - one.similarity || (one.word < other.word ? -1 : 1)).slice(0, MOST_NEAR);
}

const similarity = (one: string, other: string) => 1 - slips(one, other) / Math.max(one.length, other.length);

/** Letters left out, added, changed, or swapped with their neighbour. */
function slips(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = at(above, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const fewest = Math.min(at(above, column) + 1, at(current, column - 1) + 1, changed);
      const isSwapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(isSwapped ? Math.min(fewest, at(before, column - 2) + 1) : fewest);
    }
    [before, above] = [above, current];
  }
  return at(above, other.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? 0;
