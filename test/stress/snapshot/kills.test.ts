import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { type ClientFixture, withBuiltServer } from '../../support/processes/built-server.js';
import { createRandom } from '../seeded-random.js';

const rounds = labNumber('rounds', 5);
const seed = labSeed();
const readMs = 300;
const longestMs = 400;

/** Kills the server that reads for three, at a random moment, and returns what went wrong. */
async function runRound(
  { backend, start }: ClientFixture,
  round: number,
  afterMs: number,
): Promise<string[]> {
  const servers = [1, 2, 3].map(() => start());
  for (const [index, server] of servers.entries()) {
    await server.call(1, 'initialize', { clientInfo: { name: `s${round}-${index}`, version: '1' } });
  }
  const senders: number[] = [];
  backend.script('usage', ({ headers }) => {
    senders.push(servers.findIndex((_, index) => headers['user-agent']?.startsWith(`s${round}-${index}/`)));
    return { delayMs: readMs };
  });
  for (const server of servers) {
    server.send({ id: 2, method: 'account/rateLimits/read', params: { maxAgeSecs: 1 } });
  }
  await pause(afterMs);
  const killed = servers[senders[0] ?? 0];
  killed?.child.kill('SIGKILL');
  const others = servers.filter((server) => server !== killed);
  const answers = await Promise.all(others.map((server) => server.answer(2)));
  for (const server of servers) server.child.kill('SIGKILL');
  const place = `round ${round}, kill after ${afterMs} ms`;
  return [
    ...answers.filter(({ error }) => error).map(({ error }) => `${place}: ${error?.message}`),
    // Without the lock both would read for themselves, after two seconds.
    ...(senders.length > 2 ? [`${place}: requests of ${senders.join()}`] : []),
  ];
}

test(`the others go on at once if the reader for all is killed (seed ${seed})`, async () => {
  const random = createRandom(seed);
  const violations: string[] = [];
  await withBuiltServer({}, async (fixture) => {
    for (let round = 1; round <= rounds; round += 1) {
      violations.push(...(await runRound(fixture, round, Math.floor(random() * longestMs))));
      // The read of this round is too old for the next.
      await pause(2_000 - readMs);
    }
    const names = readdirSync(join(fixture.home.path, 'account-server'));
    if (isLab) console.log(JSON.stringify({ rounds, violations: violations.length, files: names.length }));
    expect(
      names.filter((name) => !/^limits-(epoch|log\.jsonl|[0-9a-f]{16}\.(json|lock))(\.\d+)?$/.test(name)),
    ).toEqual([]);
  });
  expect(violations).toEqual([]);
}, 3_600_000);
