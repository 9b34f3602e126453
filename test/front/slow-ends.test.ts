import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFront } from '../../src/front/front.js';
import { createLog } from '../../src/util/log.js';
import { createManualClock, type ManualClock } from '../support/clocks/manual-clock.js';
import { type MemoryServer, startMemoryServer } from '../support/memory-server.js';
import { type StandInEvent, standInPath, untilGone } from './front-fixture.js';

interface SlowFixture {
  readonly server: MemoryServer;
  readonly clock: ManualClock;
  /** Resolves with what the stand-in has noted, as soon as that has this event. */
  untilEvent(event: StandInEvent['event']): Promise<StandInEvent[]>;
}

/** Runs `act` with a server in this process. The clock of its front runs only when the test moves it. */
async function withSlowFront(standIn: object, act: (fixture: SlowFixture) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'front-slow-'));
  const logPath = join(folder, 'log');
  const clock = createManualClock();
  const environment = {
    PATH: process.env.PATH,
    STAND_IN: JSON.stringify(standIn),
    STAND_IN_LOG: logPath,
    CODEX_HOME: folder,
  };
  const log = createLog({ level: 'off', nowMs: () => 0, write: () => undefined });
  const command = { path: standInPath, args: () => ['app-server'], environment };
  const createPassOn = createFront({ command, clock, log, onStderr: () => undefined });
  const server = startMemoryServer({ codexHome: folder, createPassOn });
  const events = (): StandInEvent[] =>
    (existsSync(logPath) ? readFileSync(logPath, 'utf8') : '')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as StandInEvent);
  try {
    await server.initialize();
    await act({
      server,
      clock,
      async untilEvent(event) {
        while (!events().some((one) => one.event === event)) await pause(5);
        return events();
      },
    });
  } finally {
    for (const { pid } of events()) await untilGone(pid);
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a program that does not answer initialize is killed after 15 s', () =>
  withSlowFront({ answer: 'never' }, async ({ server, clock, untilEvent }) => {
    const answer = server.request('a/b');
    await untilEvent('message');
    clock.fire(15_000);
    expect(await answer).toMatchObject({
      error: { code: -32603, message: 'the upstream codex does not answer' },
    });
    await server.end();
  }));

test('a program that goes on without input is killed after 8 s', () =>
  withSlowFront({ ignoresEnd: true }, async ({ server, clock }) => {
    await server.request('a/b');
    const ended = server.end();
    await clock.untilSet(8_000);
    clock.fire(8_000);
    await ended;
  }));
