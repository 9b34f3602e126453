import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../support/clocks/manual-clock.js';
import { type UsageFixture, requireWrongUse, withUsage } from '../fixture.js';

interface Call {
  readonly args: string[];
  readonly stdin: { readonly kind: string };
  readonly env: Record<string, string>;
  /** Ends the command with this code. */
  readonly end: (code: number) => void;
}

/** Sends its arguments, its variables and its input to a server, and exits with the code that is the answer. */
const script = `
import { request } from 'node:http';
const [url, ...args] = process.argv.slice(2);
let stdin = '';
for await (const chunk of process.stdin) stdin += chunk;
const names = Object.keys(process.env).filter((name) => /^(CODEX|OPENAI)_/.test(name));
const env = Object.fromEntries(names.map((name) => [name, process.env[name]]));
request(url, { method: 'POST' }, async (answer) => {
  let code = '';
  for await (const chunk of answer) code += chunk;
  process.exit(Number(code));
}).end(JSON.stringify({ args, env, stdin: JSON.parse(stdin) }));
`;

/** Calls `act` with a command, and with a function that waits for its next run. */
async function withCommand(act: (command: string[], nextCall: () => Promise<Call>) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-events-'));
  const path = join(folder, 'command.mjs');
  writeFileSync(path, script);
  const calls: Call[] = [];
  const server = createServer();
  server.on('request', (incoming, response) => {
    let text = '';
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
    incoming.on('end', () => {
      calls.push({
        ...(JSON.parse(text) as Omit<Call, 'end'>),
        end: (code) => void response.end(`${code}`),
      });
      server.emit('call');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await act([process.execPath, path, `http://127.0.0.1:${port}`, 'first', '$HOME; "x"'], async () => {
      if (calls.length === 0) await once(server, 'call');
      return calls.shift()!;
    });
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
}

const watch = (fixture: UsageFixture, command: string[], env: NodeJS.ProcessEnv = {}) =>
  fixture.start(['--watch', '--on', 'reached,critical:5', '--', ...command], { env });

test('a command gets the event as JSON and as variables, without a shell and without a login', () =>
  withCommand((command, nextCall) =>
    withUsage({ scenario: 'at-limit' }, async (fixture) => {
      const run = watch(fixture, command, { OPENAI_API_KEY: 'sk-secret' });
      const { args, stdin, env, end } = await nextCall();
      expect(args).toEqual(['first', '$HOME; "x"']);
      expect(stdin).toMatchObject({ kind: 'reached', limit: 'rateLimit', windowDurationMins: 10_080 });
      expect(env).toMatchObject({
        ...{ CODEX_ACCOUNT_EVENT_KIND: 'reached', CODEX_ACCOUNT_EVENT_WINDOW_DURATION_MINS: '10080' },
        ...{ CODEX_ACCOUNT_EVENT_CREDIT_ID: '', CODEX_HOME: fixture.home },
        CODEX_ACCOUNT_EVENT_MESSAGE: expect.stringMatching(
          /^Use is blocked until .+: the rate limit is reached \(week\)$/,
        ) as string,
      });
      expect(env).not.toHaveProperty('OPENAI_API_KEY');
      end(0);
      (await nextCall()).end(0);
      (await nextCall()).end(0);
      await run.stderr.until(/5 hours: 0 % left.*\nweek: 0 % left/);
      run.stop();
      expect(await run.exitCode).toBe(0);
      expect(run.stdout.text()).toBe('');
    }),
  ));

test('one command runs at a time, and one that fails is reported', () =>
  withCommand((command, nextCall) =>
    withUsage({ scenario: 'at-limit' }, async (fixture) => {
      const run = watch(fixture, command);
      (await nextCall()).end(3);
      const second = await nextCall();
      expect(run.stderr.text()).toContain("The command for 'reached' has failed: it exited with 3.\n");
      expect(run.stderr.text().match(/0 % left/g)).toHaveLength(1);
      second.end(0);
      (await nextCall()).end(0);
      run.stop();
      expect(await run.exitCode).toBe(0);
    }),
  ));

test('a command that hangs is ended after a minute, with what it has started', () =>
  withCommand((command, nextCall) => {
    const clock = createManualClock();
    return withUsage({ scenario: 'at-limit', clock }, async (fixture) => {
      // On Windows, which lacks `sh`, the command itself.
      const shell =
        process.platform === 'win32' ? command : ['sh', '-c', 'exec 3<&0; "$@" <&3 & wait', 'sh', ...command];
      const run = watch(fixture, shell);
      await nextCall();
      clock.fire(60_000);
      await run.stderr.until(/has failed: it took more than 60 s\.\n/);
      (await nextCall()).end(0);
      (await nextCall()).end(0);
      run.stop();
      expect(await run.exitCode).toBe(0);
    });
  }));

test('a stop ends a command that runs, and the events that wait are reported by the next watch', () =>
  withCommand((command, nextCall) =>
    withUsage({ scenario: 'at-limit' }, async (fixture) => {
      const first = watch(fixture, command);
      expect((await nextCall()).stdin.kind).toBe('reached');
      first.stop();
      expect(await first.exitCode).toBe(0);
      const second = watch(fixture, command);
      for (const kind of ['critical', 'critical']) {
        const { stdin, end } = await nextCall();
        expect(stdin.kind).toBe(kind);
        end(0);
      }
      second.stop();
      expect(await second.exitCode).toBe(0);
    }),
  ));

test('a second watch with the same events and command is refused', () =>
  withCommand((command, nextCall) =>
    withUsage({ scenario: 'at-limit' }, async (fixture) => {
      const first = watch(fixture, command);
      await nextCall();
      const second = watch(fixture, command);
      expect(await second.exitCode).toBe(1);
      expect(second.stderr.text()).toMatch(
        /^Another usage --watch with the same --on and command is running/,
      );
      first.stop();
      await first.exitCode;
    }),
  ));

test.each([
  ['--watch --on reached -- /no/such/file', "'/no/such/file' is not a command that can be run"],
  ['--watch --on reached -- no-such-command', "'no-such-command' is not a command that can be run"],
  ['--watch --on reached -- /', "'/' is not a command that can be run"],
  ['--watch --on reached', '--on needs a command after --, or --print'],
  ['--watch --on reached --', '--on needs a command after --, or --print'],
  ['--watch --on reached --print -- true', '--print and a command exclude each other'],
  ['--on reached --print', '--on is for --watch'],
  ['--watch --print', '--print is for --on'],
  ['--watch -- true', 'a command after -- is for --on'],
  ['--watch --on low --print', "separated by commas, not 'low'"],
  ['--watch --on low:101 --print', "percentages from 0 to 100, not 'low:101'"],
  ['--watch --on low:-1 --print', "not 'low:-1'"],
  ['--watch --on reached:5 --print', "not 'reached:5'"],
  ['--watch --on credit-expiring:soon --print', "a duration such as 90s, 30m, 6h or 7d, not 'soon'"],
  ['--watch --on reset,reset --print', "--on names 'reset' twice"],
  ['--watch --on reset --print --json', '--on and --json exclude each other'],
  ['--watch --on reset --print --preset waybar', '--on and --preset exclude each other'],
  ['--watch --on reset --print --left', '--on and --left exclude each other'],
  ['--watch --on low:5,critical:20 --print', '--on critical is not smaller than low'],
])('usage %s is wrong use, and nothing is read', requireWrongUse);
