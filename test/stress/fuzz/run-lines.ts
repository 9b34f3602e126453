import type { Framing } from '../../../src/framing/frame.js';
import { createRandom } from '../seeded-random.js';
import type { Figures } from '../watched-server.js';
import { type FuzzConnection, withFuzzConnection } from './fuzz-connection.js';
import { pick, type Random } from './json-text.js';
import { createMessage } from './line-grammar.js';
import { shrunk } from './shrink.js';

export interface LinesOptions {
  readonly framing: Framing;
  readonly count: number;
  readonly seed: string;
}

export interface LinesRun {
  /** The first violation, with the messages that lead to it. */
  readonly violation?: string;
  readonly sent: number;
  readonly answers: number;
  /** The figures after a fifth of the messages, and after all of them. */
  readonly early?: Figures;
  readonly late?: Figures;
}

const batchSize = 250;

/** Sends messages of every sort to one server. A batch depends on the seed and its own number. */
export function runLines({ framing, count, seed }: LinesOptions): Promise<LinesRun> {
  const batches = Math.ceil(count / batchSize);
  return withFuzzConnection({ framing, silenceMs: 60_000 }, async (connection) => {
    let sent = 0;
    let early: Figures | undefined;
    for (let batch = 0; batch < batches; batch += 1) {
      const random = createRandom(`${seed} ${framing} ${batch}`);
      const messages = createBatch(random, framing);
      try {
        await connection.exchange(messages, pieceBytes(random));
      } catch (error) {
        const { message } = error as Error;
        const violation = `batch ${batch} of seed ${seed}, ${framing}: ${message}\n${await culprits(messages, framing)}`;
        return { violation, sent, answers: connection.answers() };
      }
      sent += messages.length;
      if (batch === Math.floor(batches / 5)) early = await connection.server.figures();
    }
    const late = await connection.server.figures();
    const violation = await violationAtEnd(connection);
    return {
      ...(violation !== undefined && { violation }),
      sent,
      answers: connection.answers(),
      ...(early && { early }),
      late,
    };
  });
}

function createBatch(random: Random, framing: Framing): Buffer[] {
  const messages = Array.from({ length: batchSize }, () => createMessage(random));
  return framing === 'lines' ? messages.flatMap(cutAtLineFeeds) : messages;
}

/** Splits a message with line feeds into one message per line. */
function cutAtLineFeeds(bytes: Buffer): Buffer[] {
  const end = bytes.indexOf('\n');
  return end < 0 ? [bytes] : [bytes.subarray(0, end), ...cutAtLineFeeds(bytes.subarray(end + 1))];
}

function pieceBytes(random: Random): number {
  return pick(random, [Infinity, Infinity, 65_536, 65_536, 4096, 1000, 97, 13]);
}

async function violationAtEnd(connection: FuzzConnection): Promise<string | undefined> {
  try {
    await connection.end();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Finds the messages that a new server needs to fail, in a form that can be pasted into a script. */
async function culprits(messages: readonly Buffer[], framing: Framing): Promise<string> {
  const initialize = Buffer.from(
    '{"id":0,"method":"initialize","params":{"clientInfo":{"name":"fuzz","version":"1"}}}',
  );
  const found = await shrunk(messages, (some) =>
    withFuzzConnection({ framing, silenceMs: 5000 }, (connection) =>
      connection.exchange([initialize, ...some], Infinity).then(
        () => false,
        () => true,
      ),
    ),
  );
  if (!found) return 'by itself the batch is answered rightly';
  return found.map((bytes) => `${bytes.toString('base64')} # ${JSON.stringify(bytes.toString())}`).join('\n');
}
