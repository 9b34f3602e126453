import { expect, test } from 'vitest';
import type { UsageHomesOutput } from '../../../../src/protocol/schema/reports/usage-homes.js';
import { holdEndpoint } from '../../../support/network/held-endpoint.js';
import { createSimulatedClock } from '../../../support/clocks/simulated-clock.js';
import { tilde, withHomes } from './fixture.js';

const end = '\u001b[?25h\u001b[?1049l';

/** Returns the last frame on a terminal. */
function lastFrame(text: string): string {
  const frame = text.split(end)[0]?.split('\u001b[H').at(-1) ?? '';
  return frame.replaceAll('\u001b[K', '').replace('\u001b[J', '');
}

test('a home that has not answered holds back no other one', async () => {
  const clock = createSimulatedClock();
  await withHomes({ clock, scenario: 'one-window' }, async ({ add, addOther, other, start }) => {
    add('out', { auth: 'none' });
    addOther('slow');
    add('work');
    const nextHeld = holdEndpoint(other, 'usage');
    const { stdout, stop, exitCode } = start(['out', 'slow', 'work'], ['--watch'], { columns: 100 });
    const held = await nextHeld();
    await stdout.until(/~[\\/]work {2}● Allowed/);
    expect(lastFrame(stdout.text())).toMatch(
      /^~[\\/]out\n {2}You are not signed in [^]*?\n\n~[\\/]slow\n {2}Reading …\n\n~[\\/]work {2}● Allowed · plan pro\n {2}\w+ {2}/,
    );
    held.answer({ plan_type: 'free' });
    await stdout.until(/~[\\/]slow {2}● Not known whether use is allowed · plan free/);
    stop();
    expect(await exitCode).toBe(5);
    expect(stdout.text().split(end)[1]).toMatch(/^~[\\/]out\n/);
  });
});

test('a pipe gets a line of JSON with the homes that have changed, and one account sends the requests of one', async () => {
  const clock = createSimulatedClock();
  await withHomes({ clock }, async ({ add, addOther, start, usageRequests, backend }) => {
    addOther('free');
    add('one');
    add('two');
    const askedAtMs: number[] = [];
    backend.script('usage', () => {
      askedAtMs.push(clock.nowMs());
      return undefined;
    });
    const { stdout, stderr, stop, exitCode } = start(['free', 'one', 'two'], ['--watch', '--json']);
    await clock.runUntil(() => usageRequests().first >= 4);
    stop();
    expect([await exitCode, stderr.text()]).toEqual([0, '']);
    const lines = stdout.text().trim().split('\n');
    const homes = lines.map((line) =>
      (JSON.parse(line) as UsageHomesOutput).accounts.map(({ label, sameAs }) => [label, sameAs !== null]),
    );
    expect(new Set(homes.map((each) => JSON.stringify(each)))).toEqual(
      new Set([
        JSON.stringify([[`${tilde}free`, false]]),
        JSON.stringify([
          [`${tilde}one`, false],
          [`${tilde}two`, true],
        ]),
      ]),
    );
    // No two requests of the account at the same time.
    const pausesMs = askedAtMs.slice(1).map((atMs, index) => atMs - (askedAtMs[index] ?? 0));
    expect(pausesMs.filter((pauseMs) => pauseMs < 15_000)).toEqual([]);
  });
});

test('homes that do not fit the terminal have only what binds, and all of it at the end', async () => {
  const clock = createSimulatedClock();
  await withHomes({ clock, scenario: 'at-limit' }, async ({ add, addOther, start }) => {
    add('work');
    addOther('free');
    const { stdout, stop, exitCode } = start(['work', 'free'], ['--watch'], { columns: 100 });
    await stdout.until(/~[\\/]free {2}● Allowed/);
    await stdout.until(/~[\\/]work {2}● Blocked/);
    stdout.rows = 6;
    stdout.emit('resize');
    await stdout.until(/ in 3 d 0 h\n~[\\/]free/);
    expect(lastFrame(stdout.text())).toMatch(
      /^~[\\/]work {2}● Blocked .*\n {2}week {3}█.* 100 % used .*\n~[\\/]free {2}● Allowed .*\n {2}month {2}█.*\nnext read in 1 min\n$/,
    );
    stop();
    await exitCode;
    expect(stdout.text().split(end)[1]).toMatch(/Extra model[^]*~[\\/]free/);
  });
});

test('a failure is in the group of its home, below the last values', async () => {
  const clock = createSimulatedClock();
  await withHomes({ clock }, async ({ add, addOther, other, start }) => {
    addOther('free');
    add('work');
    const { stdout, stop, exitCode } = start(['free', 'work'], ['--watch'], { columns: 100 });
    await stdout.until(/~[\\/]free {2}● Allowed/);
    await stdout.until(/~[\\/]work {2}● Allowed/);
    other.script('usage', { status: 429, headers: { 'retry-after': '1800' }, body: {} });
    await clock.runUntil(() => stdout.text().includes('asked too often'));
    expect(lastFrame(stdout.text())).toMatch(
      /^~[\\/]free {2}● Allowed · plan free\n(.*\n)*? {2}The backend was asked too often\. .*\n\n~[\\/]work {2}● Allowed/,
    );
    stop();
    expect(await exitCode).toBe(1);
  });
});

test('--format prints the line of the home that has changed, and its failure on stderr once', async () => {
  const clock = createSimulatedClock();
  await withHomes(
    { clock, scenario: 'one-window' },
    async ({ add, addOther, other, start, usageRequests }) => {
      addOther('free');
      add('work');
      other.script('usage', { status: 404, body: {} });
      const args = ['--watch', '--exit-code', '--format', '{home} {plan}'];
      const { stdout, stderr, stop, exitCode } = start(['free', 'work'], args);
      await clock.runUntil(() => usageRequests().other >= 3);
      stop();
      expect(await exitCode).toBe(1);
      expect(stdout.text().split('\n').toSorted()).toEqual(['', `${tilde}free ?`, `${tilde}work pro`]);
      expect(stderr.text()).toMatch(
        /^~[\\/]free: The backend answered with status 404 \(request [\w-]+\)\.\n/,
      );
    },
  );
});

test('homes that can never be read end the watch', () =>
  withHomes({}, async ({ start }) => {
    const { stdout, exitCode } = start(['/nowhere', '/no/where'], ['--watch']);
    expect([await exitCode, stdout.text()]).toEqual([
      1,
      '/nowhere\n  Cannot read the usage: that path does not exist.\n\n/no/where\n  Cannot read the usage: that path does not exist.\n',
    ]);
  }));
