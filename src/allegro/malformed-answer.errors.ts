import type { Blame } from './allegro.errors.js';

/** Thrown by the readers of answers; the transport turns it into an AllegroProblem of kind `malformed`. */
export class MalformedAnswer extends Error {
  constructor(
    /** What is missing, in our words: never a value of the answer. */
    readonly reason: string,
    readonly blame: Blame = 'allegro',
  ) {
    super(reason);
    this.name = 'MalformedAnswer';
  }
}
