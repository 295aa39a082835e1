/** One server-sent event; `id` is what a client goes on behind. */
export interface ServerEvent {
  readonly id: string | null;
  /** Empty: only the place was told. */
  readonly data: string;
}

/** The events of a `text/event-stream` (WHATWG HTML), as their bytes arrive. */
export async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of chunksOf(stream)) {
    const blocks = (text + decoder.decode(bytes, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) yield eventOf(block);
  }
}

function eventOf(block: string): ServerEvent {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
  const named = (name: string): string[] => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  return { id: named('id').at(-1) ?? null, data: named('data').join('\n') };
}

/** Not every browser iterates over a stream by itself. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined); // it is broken already, or nobody reads it any more
  }
}
