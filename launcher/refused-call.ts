/** An answer outside 200 to 299. */
export class RefusedCall extends Error {
  constructor(
    readonly call: string,
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${call} answered ${String(status)}: ${detail}`);
    this.name = 'RefusedCall';
  }
}
