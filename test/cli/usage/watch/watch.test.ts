import { expect, test } from 'vitest';
import type { Clock } from '../../../../src/util/clock.js';
import { createSimulatedClock } from '../../../support/clocks/simulated-clock.js';
import { withUsage } from '../fixture.js';

const start = '\u001b[?1049h\u001b[?25l';
const end = '\u001b[?25h\u001b[?1049l';

/** Splits the output on a terminal into its frames. */
function framesOf(text: string): string[] {
  return text.replace(start, '').split('\u001b[H').slice(1);
}

test('a terminal is redrawn when values change, and restored with the last ones on it', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async (fixture) => {
    const { stdout, stop, exitCode } = fixture.start(['--watch'], { columns: 80 });
    await stdout.until(/ 0 % /);
    await clock.runUntil(() => stdout.text().includes(' 3 % '));
    stop();
    expect(await exitCode).toBe(0);
    expect(stdout.text().startsWith(`${start}\u001b[HReading`)).toBe(true);
    const [frames = '', rest = ''] = stdout.text().split(end);
    expect(framesOf(frames).at(-1)).toContain(' 3 % ');
    expect(rest).toMatch(/^● Allowed · plan pro\n\n5 hours .* 3 % .*\n/);
    expect(rest).not.toContain('\u001b[H');
  });
});

test('ages on a terminal are updated without a request', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async (fixture) => {
    const { stdout, stop, exitCode } = fixture.start(['--watch'], { columns: 80 });
    await stdout.until(/just now/);
    const requests = fixture.backend.requests.length;
    await clock.runUntil(() => stdout.text().includes(', 30 s ago'));
    expect(fixture.backend.requests).toHaveLength(requests);
    stop();
    await exitCode;
  });
});

test('a terminal that is resized is redrawn at its new width', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start: begin }) => {
    const { stdout, stop, exitCode } = begin(['--watch'], { columns: 80 });
    await stdout.until(/just now/);
    stdout.columns = 30;
    stdout.rows = 6;
    stdout.emit('resize');
    await stdout.until(/5 hours {14} 0 % used/);
    stop();
    await exitCode;
    const lines =
      framesOf(stdout.text().split(end)[0] ?? '')
        .at(-1)
        ?.split('\n') ?? [];
    // One row stays free.
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)?.startsWith('\u001b[J')).toBe(true);
  });
});

test('a watch that is suspended restores the terminal meanwhile', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start: begin }) => {
    const { stdout, stop, suspend, resume, exitCode } = begin(['--watch'], { columns: 80 });
    await stdout.until(/just now/);
    suspend();
    expect(stdout.text().endsWith(end)).toBe(true);
    resume();
    await clock.runUntil(() => !stdout.text().endsWith(end));
    expect(stdout.text().split(end)[1]).toMatch(/^.{14}\u001b\[H● Allowed/);
    stop();
    await exitCode;
  });
});

test.each([
  ['a terminal', 80],
  ['a pipe', undefined],
])('%s that has gone ends it, with the code of the last values', async (_name, columns) => {
  const clock = createSimulatedClock();
  await withUsage({ clock, scenario: 'at-limit' }, async ({ start: begin }) => {
    const { stdout, stderr, exitCode } = begin(['--watch'], columns === undefined ? {} : { columns });
    await stdout.until(/Blocked/);
    stdout.breakWith(columns === undefined ? 'EPIPE' : 'EIO');
    const ended = exitCode.then(() => true);
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    await clock.runUntil(() => isOver);
    expect([await exitCode, stderr.text()]).toEqual([3, '']);
  });
});

test('a pipe gets a line of JSON for every change', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start: begin, backend }) => {
    const { stdout, stop, exitCode } = begin(['--watch', '--json']);
    await clock.runUntil(() => stdout.text().split('\n').length > 3);
    const read = backend.requests.length;
    stop();
    expect(await exitCode).toBe(0);
    const reports = stdout
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { version: number });
    expect(reports.length).toBeGreaterThanOrEqual(3);
    expect(new Set(reports.map((report) => JSON.stringify({ ...report, readAt: 0 }))).size).toBe(
      reports.length,
    );
    expect(read).toBeGreaterThanOrEqual(reports.length);
  });
});

test('the list of credits is fetched again only when their number changes', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock, scenario: 'at-limit' }, async ({ start: begin, backend }) => {
    const detailReads = () => backend.requests.filter(({ url }) => url.endsWith('reset-credits')).length;
    const { stdout, stop, exitCode } = begin(['--watch', '--format', '{resetCredits} {expiryIn}']);
    await clock.runUntil(() => backend.requests.length > 6);
    expect(detailReads()).toBe(1);
    await fetch(`${backend.url}/api/codex/rate-limit-reset-credits/consume`, {
      method: 'POST',
      headers: { authorization: 'Bearer token' },
      body: JSON.stringify({ redeem_request_id: 'elsewhere' }),
    });
    await clock.runUntil(() => stdout.text().includes('1 19 d'));
    expect(detailReads()).toBe(2);
    stop();
    await exitCode;
  });
});

test('a failure is printed once, the values stay, and the next read comes later', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start: begin, backend }) => {
    const { stdout, stderr, stop, exitCode } = begin(['--watch', '--format', '{window:300}']);
    await stdout.until(/^0\n/);
    backend.script('usage', { status: 429, headers: { 'retry-after': '1800' }, body: {} });
    const failedMs = await untilRequests(clock, () => backend.requests.length, 3);
    backend.script('usage', undefined);
    const againMs = await untilRequests(clock, () => backend.requests.length, 4);
    expect(againMs - failedMs).toBeGreaterThanOrEqual(900_000);
    await clock.runUntil(() => stdout.text().split('\n').length > 2);
    stop();
    expect(await exitCode).toBe(0);
    expect(stderr.text()).toBe('The backend was asked too often. Try again in 900 s.\n');
  });
});

test('it exits with the code for what it showed last', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock, auth: 'none' }, async ({ start: begin }) => {
    const { stderr, stop, exitCode } = begin(['--watch']);
    await stderr.until(/signed in/);
    stop();
    expect(await exitCode).toBe(5);
  });
});

async function untilRequests(
  clock: Clock & { runUntil(isReached: () => boolean): Promise<void> },
  count: () => number,
  wanted: number,
): Promise<number> {
  await clock.runUntil(() => count() >= wanted);
  return clock.nowMs();
}
