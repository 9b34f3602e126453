import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runDemo } from '../../../src/cli/dev/demo.js';
import { casesOf } from '../../support/unix-test.js';

const main = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));

/** Runs the demo in this process; it starts the built server. */
async function demo(args: readonly string[], env: NodeJS.ProcessEnv): Promise<[number, string]> {
  const stdout = new PassThrough({ encoding: 'utf8' });
  const untilStopped = new Promise<void>(() => undefined);
  const exitCode = await runDemo(args, { stdout, stderr: new PassThrough(), env, untilStopped });
  return [exitCode, stdout.read() as string];
}

test.each([
  [{ LANG: 'en_GB.UTF-8' }, '█'],
  [{ LANG: 'C' }, '#'],
])('with the environment %j its bars are of %s', async (env, block) => {
  const [exitCode, shown] = await demo([], env);
  expect(exitCode).toBe(0);
  expect(shown).toContain(block.repeat(10));
});

test('--raw shows each line of the protocol in its direction', async () => {
  const [exitCode, shown] = await demo(['--raw'], {});
  expect(exitCode).toBe(0);
  const lines = shown.split('\n').filter((line) => /^ {4}(-->|<--) /.test(line));
  const directions = lines.map((line) => line.slice(4, 7));
  const answered = ['-->', '<--'];
  expect(directions).toEqual([...answered, '-->', ...answered, ...answered, ...answered, ...answered]);
  expect(lines.map((line) => (JSON.parse(line.slice(8)) as { method?: string }).method)).toEqual([
    ...['initialize', undefined, 'initialized'],
    ...['account/rateLimits/read', undefined],
    ...['account/rateLimitResetCredit/consume', undefined],
    ...['account/rateLimitResetCredit/consume', undefined],
    ...['account/rateLimits/read', undefined],
  ]);
});

const disturbances: [what: string, disturb: (child: ChildProcess) => void, code: number][] = [
  ['read no more', (child) => child.stdout?.destroy(), 0],
  ['stopped', (child) => child.kill('SIGINT'), 1],
];

// A process on Windows cannot handle a signal of another one.
test.each(casesOf(disturbances, ([what]) => what !== 'stopped'))(
  'a demo that is %s leaves nothing behind',
  async (_, disturb, code) => {
    const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-demo-'));
    const child = spawn(process.execPath, [main, 'demo'], {
      env: { PATH: process.env.PATH, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors = text(child.stderr);
    await once(child.stdout, 'data');
    disturb(child);
    await once(child, 'exit');
    expect([child.exitCode, child.signalCode, await errors, readdirSync(folder)]).toEqual([
      code,
      null,
      '',
      [],
    ]);
    rmSync(folder, { recursive: true });
  },
);
