import { Agent, get } from 'node:http';

export interface Outcome {
  readonly status?: number;
  /** Code of the connection's failure. */
  readonly error?: string;
}

/** Clients on kept connections that ask again as soon as they are answered, each until its connection fails. */
export class SteadyClients {
  readonly outcomes: Outcome[] = [];
  private readonly agents: Agent[] = [];
  private readonly running: Promise<void>[] = [];

  constructor(count: number, urls: readonly string[], headers: Readonly<Record<string, string>>) {
    for (let client = 0; client < count; client += 1) {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      this.agents.push(agent);
      this.running.push(this.askOn(agent, urls, headers));
    }
  }

  /** Resolves when no client can reach the process any more. */
  async gone(): Promise<void> {
    await Promise.all(this.running);
    for (const agent of this.agents) agent.destroy();
  }

  private async askOn(agent: Agent, urls: readonly string[], headers: Readonly<Record<string, string>>): Promise<void> {
    for (let turn = 0; ; turn += 1) {
      const outcome = await ask(urls[turn % urls.length] ?? '', agent, headers);
      this.outcomes.push(outcome);
      if (outcome.error !== undefined) return;
    }
  }
}

function ask(url: string, agent: Agent, headers: Readonly<Record<string, string>>): Promise<Outcome> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      resolve({ error: error.code ?? error.message });
    };
    const request = get(url, { agent, headers }, (response) => {
      response.resume();
      response.on('error', failed);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0 });
      });
    });
    request.on('error', failed);
  });
}
