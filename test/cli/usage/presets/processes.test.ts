import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDevHome } from '../../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../../src/dev-backend/server.js';
import { isRunning } from '../../../../src/snapshot/reader.js';
import { cacheVariables } from '../../../support/files/cache-home.js';
import { type BuiltServer, startBuiltServer, stopServer } from '../../../support/processes/built-server.js';
import { type HeldRequest, holdEndpoint } from '../../../support/network/held-endpoint.js';
import { unixTest } from '../../../support/unix-test.js';
import { usageOf } from '../fixture.js';

// The process that reads for a status bar that cannot wait.

const week = (percent: number): object =>
  usageOf({ used_percent: percent, limit_window_seconds: 604_800, reset_at: Date.now() / 1000 + 345_600 });

interface Fixture {
  readonly backend: DevBackend;
  readonly nextRequest: () => Promise<HeldRequest>;
  start(...args: string[]): BuiltServer;
  /** Runs a command, whose input stays open, to its end. */
  run(...args: string[]): Promise<{ code: number | null; stdout: string }>;
  /** Returns the process that reads; undefined if none was noted. */
  reader(): number | undefined;
  /** Resolves when the process that reads has ended. */
  readerEnded(): Promise<void>;
  usageRequests(): number;
}

/** Calls `act` with an embedded backend that holds each request for the usage. */
async function withSlowBackend(act: (fixture: Fixture) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'preset-'));
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  const start: Fixture['start'] = (...args) =>
    startBuiltServer({
      args,
      environment: { CODEX_HOME: home.path, HOME: folder, ...cacheVariables(folder) },
      // A group of processes of its own.
      launcher: process.platform === 'win32' ? [] : ['setsid'],
    });
  const reader: Fixture['reader'] = () => {
    const files = join(home.path, 'account-server');
    const name = readdirSync(files).find((each) => each.endsWith('.reader'));
    return name === undefined ? undefined : Number(readFileSync(join(files, name), 'utf8').split(' ')[0]);
  };
  const readerEnded: Fixture['readerEnded'] = async () => {
    const pid = reader();
    while (pid !== undefined && isRunning(pid)) await pause(10);
  };
  try {
    await act({
      backend,
      nextRequest: holdEndpoint(backend, 'usage'),
      start,
      async run(...args) {
        const command = start(...args);
        const { code } = await command.exited;
        await stopServer(command);
        return { code, stdout: command.stdout() };
      },
      reader,
      readerEnded,
      usageRequests: () => backend.requests.filter(({ url }) => url.endsWith('/usage')).length,
    });
  } finally {
    await backend.close();
    await readerEnded();
    home.remove();
    rmSync(folder, { recursive: true });
  }
}

const bar = ['usage', '--preset', 'starship'];

test('a read that takes too long goes on in the background, once for all bars, and the next line has it', () =>
  withSlowBackend(async ({ run, nextRequest, readerEnded, reader, usageRequests }) => {
    const late = { code: 0, stdout: 'The limits are still being read\n' };
    expect(await run(...bar)).toEqual(late);
    const pid = reader();
    expect(await Promise.all([run(...bar), run(...bar, '--left')])).toEqual([late, late]);
    expect([reader(), usageRequests()]).toEqual([pid, 1]);
    (await nextRequest()).answer(week(65));
    await readerEnded();
    expect(await run(...bar)).toEqual({ code: 0, stdout: 'week 65% used\n' });
    expect(usageRequests()).toBe(1);
  }));

test('bars that wait show what the read of another one has brought', () =>
  withSlowBackend(async ({ run, nextRequest, usageRequests }) => {
    const first = run(...bar, '--timeout', '60');
    const request = await nextRequest();
    const others = [run(...bar, '--timeout', '60'), run('usage', '--preset', 'i3blocks', '--timeout', '60')];
    request.answer(week(65));
    expect((await Promise.all([first, ...others])).map(({ stdout }) => stdout.split('\n')[0])).toEqual([
      'week 65% used',
      'week 65% used',
      'codex week 65% used',
    ]);
    expect(usageRequests()).toBe(1);
  }));

unixTest('the read goes on if the bar kills its command, with all processes of its group', () =>
  withSlowBackend(async ({ start, run, nextRequest, readerEnded }) => {
    const killed = start(...bar, '--timeout', '60');
    const request = await nextRequest();
    process.kill(-(killed.child.pid ?? NaN), 'SIGKILL');
    expect((await killed.exited).signal).toBe('SIGKILL');
    request.answer(week(65));
    await readerEnded();
    expect(await run('usage', '--cached', '--format', '{tightest}')).toEqual({ code: 0, stdout: '65\n' });
  }),
);

test('while the backend is slow, the last values are shown as stale', () =>
  withSlowBackend(async ({ start, run, nextRequest }) => {
    const live = start('usage');
    (await nextRequest()).answer(week(65));
    expect((await live.exited).code).toBe(0);
    const { code, stdout } = await run('usage', '--preset', 'waybar', '--max-age', '0');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({
        text: expect.stringMatching(/^week 65% used \(\d+ (s|min) old\)$/),
        class: ['ok', 'stale'],
        percentage: 65,
      }),
    ]);
  }));
