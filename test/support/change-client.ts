import http from 'node:http';
import { tokenOf } from './access-tokens.js';
import type { Json } from './service.js';

/** A client of the stream of changes that comes back with its Last-Event-ID after every break, as browsers do. */
export class ChangeClient {
  readonly received: Json[] = [];
  breaks = 0;
  private lastId: string | null = null;
  private request: http.ClientRequest | null = null;
  private ended = false;

  constructor(
    private readonly url: string,
    private readonly tenant = 'tenant-a',
  ) {}

  /** Resolves when the stream has named the place it begins at. */
  async start(after = 'now'): Promise<void> {
    await new Promise<void>((resolve) => {
      this.connect(after, resolve);
    });
  }

  /** Breaks the connection in the middle of whatever it is doing. */
  break(): void {
    this.breaks += 1;
    this.request?.destroy();
  }

  stop(): void {
    this.ended = true;
    this.request?.destroy();
  }

  private connect(after: string, opened: () => void): void {
    const headers = { authorization: `Bearer ${tokenOf(this.tenant)}`, ...(this.lastId === null ? {} : { 'last-event-id': this.lastId }) };
    const again = (): void => {
      if (!this.ended) this.connect(after, opened);
    };
    this.request = http.get(`${this.url}/api/v1/changes/stream?after=${after}`, { headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const frames = (text + chunk).split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) this.take(frame);
        if (this.lastId !== null) opened();
      });
      response.on('error', () => undefined);
    });
    this.request.on('error', () => undefined).on('close', again);
  }

  private take(frame: string): void {
    const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1];
    this.lastId = line('id') ?? this.lastId;
    const text = line('data');
    if (text !== undefined) this.received.push(JSON.parse(text) as Json);
  }
}
