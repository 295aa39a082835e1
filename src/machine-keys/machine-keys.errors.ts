import { Problem } from '../core/problem.js';

export function keyNotFound(): Problem {
  return new Problem('MACHINE_KEY_NOT_FOUND', { status: 404, detail: 'There is no such machine key.' });
}

export function tooManyKeys(most: number): Problem {
  return new Problem('MACHINE_KEY_LIMIT_REACHED', { status: 409, detail: `A tenant has at most ${String(most)} live machine keys; revoke one first.` });
}

export function keyEnded(): Problem {
  return new Problem('MACHINE_KEY_ENDED', { status: 409, detail: 'The machine key was revoked or has expired; make a new one.' });
}
