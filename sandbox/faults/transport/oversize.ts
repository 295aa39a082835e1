import { gzipSync } from 'node:zlib';
import type { Reply } from '../../http/reply.js';
import type { TransportFault } from './transport-fault.js';

const MIB = 1024 * 1024;

/** Above the 16 MiB a careful client reads. */
const HUGE_MIB = 20;
const BOMB_MIB = 64;

const bombs = new Map<number, Buffer>();

/** Blanks compress a thousandfold; made once for a size. */
function bomb(mib: number): Buffer {
  const made = bombs.get(mib) ?? gzipSync(Buffer.alloc(mib * MIB, ' '));
  bombs.set(mib, made);
  return made;
}

function gzipped(answer: Reply, body: Buffer | string): Reply {
  return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' }, body, encoded: true };
}

/** Answers too big to be read: valid JSON behind megabytes of blanks, and gzip that is not what it says. */
export const oversize: TransportFault = {
  after: (answer, { route, turn }, plan) => {
    if (plan.strikes('bomb', route, turn)) return gzipped(answer, bomb(plan.amount('bomb', BOMB_MIB)));
    if (plan.strikes('huge', route, turn)) {
      const blanks = Buffer.alloc(plan.amount('huge', HUGE_MIB) * MIB, ' ');
      return { ...answer, body: Buffer.concat([blanks, Buffer.from(answer.body)]), encoded: true };
    }
    if (!plan.strikes('badgzip', route, turn)) return answer;
    const packed = gzipSync(answer.body);
    const plain = plan.choose([true, false], 'badgzip', route, turn);
    return gzipped(answer, plain ? answer.body : packed.subarray(0, Math.floor(packed.length / 2)));
  },
};
