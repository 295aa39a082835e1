import fc from 'fast-check';
import { bearer, tokenOf } from '../access-tokens.js';
import { type Answer, DocumentCheck } from './document-check.js';
import { type GeneratedRequest, GeneratedRequests } from './generated-request.js';
import { documentOf, type Operation, operationsOf } from './operations.js';
import { InterfaceStage, type Subjects, unusedPair } from './stage.js';

const TENANT = 'tenant-owner';
const ROLES = ['seller', 'operator', 'support'];

export interface FuzzReport {
  readonly requests: number;
  readonly operations: number;
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** One line for each answer that should not have been. */
  readonly faults: readonly string[];
}

/** Sends requests made from the document to the whole service, as many of each operation. @param seed makes the same requests again */
export async function fuzz(seed: number, requests: number): Promise<FuzzReport> {
  const stage = await InterfaceStage.start(TENANT);
  try {
    return await new Round(stage, { ...stage.subjects, ...((await unusedPair(stage)) as Subjects) }).run(seed, requests);
  } finally {
    await stage.stop();
  }
}

class Round {
  private readonly statuses: Record<string, number> = {};
  private readonly faults: string[] = [];
  private readonly check: DocumentCheck;
  private readonly operations: readonly Operation[];
  private readonly generated: GeneratedRequests;
  private readonly poisonedOrder: string;

  constructor(
    private readonly stage: InterfaceStage,
    subjects: Subjects,
  ) {
    const document = documentOf(stage.service.app);
    this.check = new DocumentCheck(document);
    this.operations = operationsOf(document);
    this.generated = new GeneratedRequests(document, subjects);
    this.poisonedOrder = subjects['failed_order_id'] ?? '';
  }

  async run(seed: number, requests: number): Promise<FuzzReport> {
    const each = Math.ceil(requests / this.operations.length);
    const made = this.operations.map((operation, index) => fc.sample(this.generated.of(operation), { seed: seed + index, numRuns: each }));
    const all = Array.from({ length: each }, (_, turn) => made.flatMap((list) => list.slice(turn, turn + 1))).flat();
    const sent = all.slice(0, requests);
    for (const request of sent) await this.send(request);
    return { requests: sent.length, operations: this.operations.length, statuses: this.statuses, faults: this.faults };
  }

  private async send(request: GeneratedRequest): Promise<void> {
    const { operation, url, body } = request;
    const headers = { ...request.headers, ...bearer(tokenOf(TENANT, { roles: ROLES })) };
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const answer = await this.stage.service.app.inject({ method: operation.method, url, headers, ...payload });
    const { statusCode: status } = answer;
    this.statuses[String(status)] = (this.statuses[String(status)] ?? 0) + 1;
    const type = answer.headers['content-type'] ?? '';
    const fault = this.faultOf(request, { status, type, body: answer.body });
    if (fault !== null) this.faults.push(`${operation.name} ${url} ${JSON.stringify(body) ?? ''}: ${String(status)} ${answer.body.slice(0, 200)}: ${fault}`);
  }

  private faultOf({ operation, url, body }: GeneratedRequest, answer: Answer): string | null {
    // Allegro's refusals are documented failures; the sandbox behind this stage fails for one order only.
    const isPoisoned = JSON.stringify([url, body ?? null]).includes(this.poisonedOrder) && answer.body.includes('ALLEGRO_');
    if (answer.status >= 500 && !isPoisoned) return 'a failure of the service';
    if (answer.status < 300 && !this.check.allows(operation, body)) return 'a body was accepted that the document calls wrong';
    return this.check.contradiction(operation, answer);
  }
}
