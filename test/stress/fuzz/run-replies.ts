import { methodSchemas } from '../../../src/protocol/schema/method-schemas.js';
import { createRandom } from '../seeded-random.js';
import { type AccountFixture, withAccount } from '../../support/account-fixture.js';
import { createEdits, editedText, spoiledText } from './bad-values.js';
import { changedPlaces } from './changed-places.js';
import { pick } from './json-text.js';
import { isWithin, type Reach, reachesOf } from './reach.js';
import { type ReadName, recordedReads } from './recorded-replies.js';
import { shrunk } from './shrink.js';

export interface RepliesRun {
  /** The violations: things that must never happen. */
  readonly violations: readonly string[];
  readonly replies: number;
  /** The number of replies that led to an error, which is right if the body is useless. */
  readonly errors: number;
}

/** The number of replies to one server. Its log and its answers stay in memory until it ends. */
const chunkSize = 500;

/** Responds to reads with bad values in the bodies. Each case depends on the seed and its own number. */
export async function runReplies(count: number, seed: string): Promise<RepliesRun> {
  const violations: string[] = [];
  let errors = 0;
  for (let first = 0; first < count && violations.length < 3; first += chunkSize) {
    await withReads(async (read) => {
      const answers = new Map<ReadName, Answer>();
      for (const name of readNames)
        answers.set(name, await read(name, JSON.stringify(recordedReads[name].body)));
      for (let index = first; index < Math.min(first + chunkSize, count); index += 1) {
        const found = await runCase(read, answers, createRandom(`${seed} reply ${index}`));
        if (found.violation !== undefined)
          violations.push(`case ${index} of seed ${seed}: ${found.violation}`);
        if (found.isError) errors += 1;
      }
    });
  }
  return { violations, replies: count, errors };
}

const readNames = Object.keys(recordedReads) as ReadName[];

type Answer = Record<string, unknown>;
type ReadWith = (name: ReadName, text: string) => Promise<Answer>;

/** Starts a server whose backend has the recorded bodies, and the given one for one read. */
async function withReads(act: (read: ReadWith) => Promise<void>): Promise<void> {
  await withAccount({}, async ({ backend, call }: AccountFixture) => {
    const answerWith = (name: ReadName, body: string): void =>
      backend.script(recordedReads[name].endpoint, { headers: { 'content-type': 'application/json' }, body });
    const answerAsRecorded = (name: ReadName): void =>
      answerWith(name, JSON.stringify(recordedReads[name].body));
    readNames.forEach(answerAsRecorded);
    await act(async (name, text) => {
      answerWith(name, text);
      const answer = await call(recordedReads[name].method, recordedReads[name].params);
      answerAsRecorded(name);
      return answer;
    });
  });
}

async function runCase(
  read: ReadWith,
  recorded: ReadonlyMap<ReadName, Answer>,
  random: () => number,
): Promise<{ violation?: string; isError: boolean }> {
  const name = pick(random, readNames);
  const { body } = recordedReads[name];
  const check = (answer: Answer, reaches: readonly Reach[]): string | undefined =>
    violationOf(name, answer, recorded.get(name), reaches);

  if (random() < 0.1) {
    const text = spoiledText(random, JSON.stringify(body));
    const answer = await read(name, text);
    const problem = check(answer, reachesOf(name, ['']));
    const violation = problem && `${problem}: ${name} is ${JSON.stringify(text)}`;
    return { ...(violation !== undefined && { violation }), isError: 'error' in answer };
  }

  const attempt = async (edits: ReturnType<typeof createEdits>) => {
    const answer = await read(name, editedText(body, edits));
    const reaches = reachesOf(name, edits.map(({ place }) => place)); // prettier-ignore
    return { answer, problem: check(answer, reaches) };
  };
  const edits = createEdits(random, body);
  const { answer, problem } = await attempt(edits);
  const isError = 'error' in answer;
  if (problem === undefined) return { isError };
  const few =
    (await shrunk(edits, async (some) => (await attempt([...some])).problem !== undefined)) ?? edits;
  const places = few.map(({ place, title }) => `${name}: ${place} is ${title}`).join(', ');
  return { violation: `${problem}: ${places}`, isError };
}

/** Finds the problem of an answer to a body with bad values, which may change only these places. */
function violationOf(
  name: ReadName,
  answer: Answer,
  recorded: Answer | undefined,
  reaches: readonly Reach[],
): string | undefined {
  const { error, result } = answer as { error?: { data?: { kind?: unknown } }; result?: unknown };
  if (error) {
    if (!reaches.includes('error')) return `the read is lost: ${JSON.stringify(error)}`;
    return error.data?.kind === 'badReply' ? undefined : `an error of another kind: ${JSON.stringify(error)}`;
  }
  if (!methodSchemas[recordedReads[name].method].result.safeParse(result).success) {
    return `no such result is in the protocol: ${JSON.stringify(result)}`;
  }
  if (reaches.includes('error')) return undefined;
  const lost = changedPlaces(result, recorded?.result).filter((place) => !isWithin(place, reaches.flat()));
  return lost.length > 0 ? `${lost.join(', ')} changed` : undefined;
}
