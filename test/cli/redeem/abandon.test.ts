import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Redemption } from '../../../src/client/record/redemption.js';
import { keys, type RedeemCommandFixture, withRedeem } from './fixture.js';

const minuteMs = 60_000;

/** Runs an attempt whose outcome stays unknown, and makes it as old as given. The backend refuses its key from now on. */
async function leaveOpen(
  { backend, run, home, journal }: RedeemCommandFixture,
  ageMs: number,
): Promise<void> {
  backend.script('consume', { status: 500, body: {} });
  await run('--yes', '--credit', 'credit-1');
  backend.script('consume', { status: 422, body: {} });
  const path = join(home, 'account-server/redemptions.json');
  const [open] = journal();
  const startedAtMs = Date.now() - ageMs;
  const aged: Partial<Redemption> = { ...open, startedAtMs, updatedAtMs: startedAtMs };
  writeFileSync(path, JSON.stringify({ version: 2, sequence: 3, redemptions: [aged] }));
}

test('--abandon gives up an attempt that cannot be finished, and the history shows why', () =>
  withRedeem({}, async (fixture) => {
    await leaveOpen(fixture, 20 * minuteMs);
    const { exitCode, stdout, stderr } = await fixture.run('--abandon', 'the key is refused');
    expect({
      exitCode,
      stdout: stdout.replace(/(until|of) .*\d\d:\d\d/g, '$1 <time>'),
      stderr,
    }).toEqual({
      exitCode: 0,
      stdout: `The attempt was given up. It is not known whether it used a credit.
This was the attempt of <time>.
Still blocked until <time>: the rate limit is reached (week).
Reset credits left: 2
`,
      stderr: 'Reading the limits …\n',
    });
    const history = await fixture.run('--history');
    expect(history.exitCode).toBe(0);
    expect(history.stdout.replaceAll('\n', ' ')).toContain(
      'given up, not known whether a credit was used, because: the key is refused',
    );
    fixture.backend.script('consume', undefined);
    await fixture.run('--yes', '--credit', 'credit-2');
    expect([fixture.states(), fixture.used()]).toEqual([['abandoned', 'verified'], ['credit-2']]);
  }));

test('--abandon says why an attempt cannot be given up yet, and whether none is open', () =>
  withRedeem({}, async (fixture) => {
    expect(await fixture.json('--abandon', 'no reason')).toMatchObject({
      exitCode: 3,
      output: {
        spent: 'no',
        error: { kind: 'nothingOpen', message: 'No attempt is open. No credit was used.' },
      },
    });
    await leaveOpen(fixture, 10 * minuteMs);
    const { exitCode, output } = await fixture.json('--abandon', 'no reason');
    expect(exitCode).toBe(4);
    expect(output).toMatchObject({ spent: 'unknown', error: { kind: 'notAbandonable' } });
    expect(fixture.states()).toEqual(['unclear']);
  }));

test.each([[['--abandon', ' ']], [['--abandon', 'why', '--yes']], [['--abandon', 'why', '--history']]])(
  'wrong use: %j',
  (args) =>
    withRedeem({}, async ({ run }) => {
      expect((await run(...args)).exitCode).toBe(2);
    }),
);

test('the dialog offers to give up an old attempt, and then goes on', () =>
  withRedeem({}, async (fixture) => {
    await leaveOpen(fixture, 20 * minuteMs);
    const own = fixture.startDialog([], { columns: 100 });
    await own.stdout.until(/Give it up/);
    own.type(keys.down);
    own.type(keys.enter);
    await own.stdout.until(/Reset credits: 2/);
    own.type(keys.escape);
    expect([await own.exitCode, fixture.states()]).toEqual([3, ['abandoned']]);
  }));

test('a call that cannot finish an old attempt names the way out', () =>
  withRedeem({}, async (fixture) => {
    await leaveOpen(fixture, 20 * minuteMs);
    const { exitCode, stderr } = await fixture.run('--yes');
    expect(exitCode).toBe(4);
    expect(stderr.replaceAll('\n', ' ')).toContain('redeem --abandon REASON gives it up.');
  }));
