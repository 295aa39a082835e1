const JSON_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i;

interface MessageHead {
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

function hasBody({ headers }: MessageHead): boolean {
  return headers['transfer-encoding'] !== undefined || !['0', undefined].includes(headers['content-length'] as string | undefined);
}

/**
 * Whether a request's body may be read: there is none, or it says exactly once that it is JSON in UTF-8.
 * Parsers that guess let bodies pass unvalidated.
 */
export function isReadableBody(head: MessageHead): boolean {
  if (!hasBody(head)) return true;
  const types = head.rawHeaders.filter((_, index) => index % 2 === 1 && head.rawHeaders[index - 1]?.toLowerCase() === 'content-type');
  return types.length === 1 && JSON_TYPE.test(types[0] ?? '');
}
