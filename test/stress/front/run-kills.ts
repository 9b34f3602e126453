import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FrontFixture, initialize, untilGone, withFront } from '../../front/front-fixture.js';
import type { Answer } from '../../support/processes/built-server.js';

export interface KillFigures {
  readonly rounds: number;
  /** How often the program of that name was killed. */
  readonly killed: { ours: number; upstream: number };
  readonly answered: number;
  /** The answers that were `upstreamUnavailable`. */
  readonly unavailable: number;
  /** Faults: an unanswered request, one that was answered twice, another error. */
  readonly violations: string[];
}

const requestsPerRound = 60;

/** Kills our server or the stand-in with SIGKILL, each round at a random moment. */
export async function runKills(rounds: number, random: () => number): Promise<KillFigures> {
  const figures = {
    rounds,
    killed: { ours: 0, upstream: 0 },
    answered: 0,
    unavailable: 0,
    violations: [] as string[],
  };
  for (let round = 1; round <= rounds; round += 1) {
    const killed = random() < 0.5 ? 'ours' : 'upstream';
    figures.killed[killed] += 1;
    await withFront({}, async (fixture) => {
      await runRound(fixture, killed, random);
      const { server, events } = fixture;
      await server.exited;
      // The fixture itself waits for the end of each process that the log names.
      for (const { pid } of events()) await untilGone(pid);
      if (killed === 'upstream') checkAnswers(fixture, round, figures);
    });
  }
  return figures;
}

async function runRound(
  { server, events }: FrontFixture,
  killed: 'ours' | 'upstream',
  random: () => number,
): Promise<void> {
  await initialize(server);
  const sent = Math.floor(random() * requestsPerRound);
  const turns = Math.floor(random() * 400);
  const send = (id: number): void => {
    server.send({ id, method: id % 3 === 0 ? 'account/read' : 'a/b', params: {} });
  };
  send(1);
  // The program starts with the first request. It can be killed as soon as it is there.
  while (events().length === 0) await nextTurn();
  for (let id = 2; id <= sent; id += 1) send(id);
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  if (killed === 'ours') {
    server.child.kill('SIGKILL');
    return;
  }
  process.kill(events()[0]?.pid ?? 0, 'SIGKILL');
  for (let id = Math.max(sent, 1) + 1; id <= requestsPerRound; id += 1) send(id);
  server.child.stdin.end();
}

function checkAnswers(
  { server }: FrontFixture,
  round: number,
  figures: { answered: number; unavailable: number; violations: string[] },
): void {
  const answers = server.lines
    .map((line) => JSON.parse(line) as Answer & { method?: string })
    .filter(({ id, method }) => id !== 0 && method === undefined);
  for (let id = 1; id <= requestsPerRound; id += 1) {
    const own = answers.filter((answer) => answer.id === id);
    if (own.length !== 1) figures.violations.push(`round ${round}: ${own.length} answers to ${id}`);
  }
  for (const { id, error } of answers) {
    figures.answered += 1;
    if (!error) continue;
    figures.unavailable += 1;
    const { kind } = error.data as { kind: string };
    if (kind !== 'upstreamUnavailable')
      figures.violations.push(`round ${round}: ${kind} for ${JSON.stringify(id)}`);
  }
}
