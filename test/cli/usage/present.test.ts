import { expect, test } from 'vitest';
import { createLeapingClock } from '../../support/clocks/leaping-clock.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { keys, withRedeem } from '../redeem/fixture.js';
import { createSimulatedClock } from '../../support/clocks/simulated-clock.js';
import { blockedUntil, withUsage } from './fixture.js';

// Values are shown as of now, not as of the read.

test('a block is unknown once a window has ended, in text, JSON and exit code', async () => {
  const clock = createManualClock();
  await withUsage({ clock }, async ({ run, backend }) => {
    backend.script('usage', { body: blockedUntil(clock.nowMs() / 1000 - 1) });
    const [text, json] = [await run(), await run('--json')];
    expect([text.exitCode, text.stdout.split('\n')[0]]).toEqual([
      4,
      '● Not known whether use is allowed · plan pro',
    ]);
    expect([json.exitCode, JSON.parse(json.stdout)]).toMatchObject([4, { permission: 'unknown' }]);
  });
});

test('a credit that has expired is neither listed nor the soonest expiry', async () => {
  const clock = createManualClock();
  await withUsage({ clock }, async ({ run, backend }) => {
    const now = clock.nowMs() / 1000;
    const credit = (id: string, expiresAt: number) => ({
      id,
      reset_type: 'codex_rate_limits',
      status: 'available',
      granted_at: new Date(0).toISOString(),
      expires_at: new Date(expiresAt * 1000).toISOString(),
    });
    const credits = [credit('late', now + 86_400), credit('expired', now)];
    backend.script('credits', { body: { available_count: 1, credits } });
    const { stdout } = await run();
    expect(stdout).toContain('1, soonest expiry in 1 d 0 h\n');
    expect(stdout).not.toContain('expired');
    expect((await run('--format', '{resetCredits} {expiry} {expiryIn}')).stdout).toBe(
      '1 Fri 2 Jan, 00:00 1 d 0 h\n',
    );
    expect(JSON.parse((await run('--json')).stdout)).toMatchObject({
      resetCredits: { soonestExpiresAt: now + 86_400, credits: [{ id: 'late' }] },
    });
  });
});

test('a credit whose expiry cannot be read is listed last, and no expiry is made up for it', async () => {
  const clock = createManualClock();
  await withUsage({ clock }, async ({ run, backend }) => {
    const common = {
      reset_type: 'codex_rate_limits',
      status: 'available',
      granted_at: '1970-01-01T00:00:00Z',
    };
    const credits = [
      { ...common, id: 'odd', expires_at: 'soon' },
      { ...common, id: 'endless', expires_at: null },
      { ...common, id: 'late', expires_at: new Date(clock.nowMs() + 86_400_000).toISOString() },
    ];
    backend.script('credits', { body: { available_count: 3, credits } });
    const { stdout } = await run();
    expect(stdout).toContain('3, soonest known expiry in 1 d 0 h\n');
    expect(stdout).toMatch(
      /late {2}.*expires .*\n {2}endless {2}.*never expires\n {2}odd {2}Reset credit, expiry unknown\n/,
    );
    expect(JSON.parse((await run('--json')).stdout)).toMatchObject({
      resetCredits: { credits: [{ id: 'late' }, { id: 'endless' }], creditsOfUnknownExpiry: [{ id: 'odd' }] },
    });
    backend.script('credits', { body: { available_count: 1, credits: [credits[0]] } });
    expect((await run('--format', '{resetCredits} {expiry} {expiryIn}')).stdout).toBe('1 ? ?\n');
  });
});

test('a block on the screen becomes unknown in the second in which its window ends', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start: begin, backend }) => {
    backend.script('usage', { body: blockedUntil(clock.nowMs() / 1000 + 5) });
    const { stdout, stop, exitCode } = begin(['--watch'], { columns: 80 });
    await stdout.until(/Blocked/);
    const requests = backend.requests.length;
    await clock.runUntil(() => stdout.text().includes('? %'));
    expect(stdout.text().split('\u001b[H').at(-1)).toContain('● Not known whether use is allowed · plan pro');
    expect(backend.requests).toHaveLength(requests);
    stop();
    expect(await exitCode).toBe(4);
  });
});

test('a credit that expires while it is chosen is shown as expired', async () => {
  const clock = createLeapingClock([1_000, 2_000, 4_000, 8_000]);
  await withRedeem({ clock }, async ({ startDialog }) => {
    const { stdout, shown, type, exitCode } = startDialog([], { columns: 80 });
    await stdout.until(/Reset credits: \d\n[^]*confirm/);
    clock.leap(4 * 86_400_000);
    type(keys.enter);
    await stdout.until(/Redeem it now\?\n[^]*No/);
    expect(shown()).toContain('Bonus reset, expired Sun 4 Jan, 00:00\n');
    type(keys.escape);
    expect(await exitCode).toBe(3);
  });
});

test('the dialog offers a credit whose expiry cannot be read last, and an expired one not at all', async () => {
  const common = { reset_type: 'codex_rate_limits', status: 'available', granted_at: '1970-01-01T00:00:00Z' };
  const credits = [
    { ...common, id: 'odd', title: 'Odd', expires_at: 12 },
    { ...common, id: 'expired', title: 'Gone', expires_at: '2020-01-01T00:00:00Z' },
    { ...common, id: 'endless', title: 'Endless', expires_at: null },
  ];
  await withRedeem({}, async ({ startDialog, backend, sent }) => {
    backend.script('credits', { body: { available_count: 3, credits } });
    const { stdout, shown, type, exitCode } = startDialog([], { columns: 80 });
    await stdout.until(/Reset credits: 3\n[^]*Leave/);
    expect(shown()).toMatch(/Endless, never expires\n.*Odd, expiry unknown\n.*Leave/);
    expect(shown()).not.toMatch(/Gone|chosen by the backend/);
    type(keys.down + keys.enter);
    await stdout.until(/Redeem it now\?\n[^]*No/);
    type('y');
    await exitCode;
    expect(sent().map(({ credit_id }) => credit_id)).toEqual(['odd']);
  });
});

test('no text in the JSON of a command controls the terminal, and a parser gets it unchanged', async () => {
  const title = '\u001b[2J\u009b31m\u007f\u061c\u202e\u2066\u2028';
  await withUsage({}, async ({ run, backend }) => {
    const credit = { id: title, status: 'available', granted_at: '1970-01-01T00:00:00Z', title };
    backend.script('credits', { body: { available_count: 1, credits: [credit] } });
    const { stdout } = await run('--json');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(stdout)).toMatchObject({ resetCredits: { credits: [{ id: title, title }] } });
  });
});
