import { randomUUID } from 'node:crypto';
import { renameSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { systemClock } from '../../../src/util/clock.js';
import { startMemoryServer } from '../../support/memory-server.js';
import { type Attempt, type Connection, createAttempts, makeAttempt } from './attempts.js';
import { checkLedger } from './check-ledger.js';
import { createFastClock } from './fast-clock.js';
import { startFaultyFront } from './faulty-front.js';
import { createRandom } from '../seeded-random.js';
import { createTable } from './table.js';

export interface FaultRun {
  /** The violations: things that must never happen. */
  readonly violations: readonly string[];
  /** The table of faults and answers, for people. */
  readonly table: string;
}

const serverCount = 8;
/** The number of concurrent attempts at each server. */
const callersEach = 4;
const faultRate = 0.55;
const clockSpeed = 50;

/**
 * The step of the backend's clock at each look at it. It fills the windows, so that there is always something to
 * reset.
 */
const backendStepMs = 20 * 60_000;

/** Makes `count` attempts to redeem a credit through servers whose backend fails as `seed` wants it. */
export async function runFaults({ count, seed }: { count: number; seed: number }): Promise<FaultRun> {
  let backendNowMs = systemClock.nowMs();
  const backend = await startDevBackend({
    scenario: 'at-limit',
    clock: { ...systemClock, nowMs: () => (backendNowMs += backendStepMs) },
  });
  const attempts = createAttempts(count, createRandom(`${seed} attempts`));
  grantCredits(backend, attempts);
  const violations: string[] = [];
  const table = createTable();

  async function runServer(index: number): Promise<void> {
    const home = createDevHome({ backendUrl: backend.url });
    const front = await startFaultyFront({
      backendUrl: backend.url,
      random: createRandom(`${seed} front ${index}`),
      faultRate,
      renewLogin: () => renewLogin(home.path),
    });
    const server = startMemoryServer({
      codexHome: home.path,
      chatgptBaseUrl: front.url,
      clock: createFastClock(clockSpeed),
    });
    try {
      await server.initialize();
      const connection: Connection = {
        ledger: backend.ledger,
        random: createRandom(`${seed} callers ${index}`),
        send: (params) => server.request('account/rateLimitResetCredit/consume', params),
        onAnswer: (answer) => table.count(front.takeFaults(), answer),
        onViolation: (text) => violations.push(text),
      };
      const own = attempts.filter((_, position) => position % serverCount === index).values();
      await Promise.all(
        Array.from({ length: callersEach }, async () => {
          for (const attempt of own) await makeAttempt(connection, attempt);
        }),
      );
      await server.end();
      await front.settled();
    } finally {
      await front.close();
      home.remove();
    }
  }

  try {
    await Promise.all(Array.from({ length: serverCount }, (_, index) => runServer(index)));
    violations.push(...checkLedger(backend, attempts));
    return { violations, table: table.text() };
  } finally {
    await backend.close();
  }
}

/**
 * Replaces the credits of the scenario by one for each attempt. Those that are redeemed by id come last, because
 * redemptions without an id take the first.
 */
function grantCredits({ ledger }: DevBackend, attempts: readonly Attempt[]): void {
  const grant = (id: string): void => {
    ledger.credits.push({ id, title: null, description: null, grantedAtMs: 0, expiresAtMs: null });
  };
  ledger.credits.length = 0;
  attempts.forEach((_, index) => grant(`any-${index}`));
  for (const id of new Set(attempts.flatMap(({ creditId }) => creditId ?? []))) grant(id);
}

function renewLogin(homePath: string): void {
  const path = join(homePath, 'auth.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as { tokens: object };
  const tokens = { ...file.tokens, access_token: `renewed-${randomUUID()}` };
  writeFileSync(`${path}.new`, JSON.stringify({ ...file, tokens }));
  renameSync(`${path}.new`, path);
}
