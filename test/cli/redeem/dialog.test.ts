import { expect, test } from 'vitest';
import { keys, type RedeemCommandFixture, type RedeemDialog, withRedeem } from './fixture.js';

const listed = /Reset credits: \d\n[^]*confirm/;
const asked = /Redeem it now\?\n[^]*No/;
const offered = /The attempt of \d\d:\d\d is open[^]*confirm/;

/** Chooses the first credit and waits for the confirmation prompt. */
async function choose({ stdout, type }: RedeemDialog): Promise<void> {
  await stdout.until(listed);
  type(keys.enter);
  await stdout.until(asked);
}

/** Returns the last lines that were shown, from the final mark on. Times are replaced. */
function lastLines(startDialog: RedeemDialog): string {
  const text = startDialog.shown();
  return text.slice(text.lastIndexOf('└')).replace(/(?<=resets ).*\d\d:\d\d|\d\d:\d\d/g, '<time>');
}

/** Runs an attempt that uses its credit and stays open. */
async function leaveOpen({ backend, run }: RedeemCommandFixture): Promise<void> {
  backend.script('consume', (_request, response) => {
    response.destroy();
    return undefined;
  });
  await run('--yes', '--credit', 'credit-1');
  backend.script('consume', undefined);
}

test('the credit that expires first is on top, and the question shows use and reset times', () =>
  withRedeem({}, async ({ startDialog, used }) => {
    const own = startDialog([], { columns: 80 });
    await choose(own);
    own.type('y');
    expect(await own.exitCode).toBe(0);
    const text = own.shown();
    const [, first, second] = /● (Bonus reset.*)\n.*○ (Monthly reset.*)\n.*Leave/.exec(text) ?? [];
    expect(first).toMatch(/^Bonus reset, expires .*, in (2 d 23|3 d 0) h$/);
    expect(second).toMatch(/^Monthly reset, expires .*, in (19 d 23|20 d 0) h$/);
    expect(text).toMatch(/│ {2}● Blocked until .*: the rate limit is reached \(week\) · plan pro\n/);
    expect(text).toMatch(/│ {2}5 hours .* 100 % used {2}resets .*\d\d:\d\d, in (1 h 59|2 h 0) min\n/);
    expect(text).toMatch(/│ {2}week .* 100 % used {2}resets .*, in (2 d 23|3 d 0) h\n/);
    expect(lastLines(own)).toBe(`└  A reset credit was used, and the windows have been reset (verified).
   5 hours  verified: 100 % → 0 %, resets <time>
   week     verified: 100 % → 0 %, resets <time>
   Use is allowed.
   Reset credits left: 1

`);
    expect(used()).toEqual(['credit-2']);
  }));

test('a terminal that does not know its width has that of COLUMNS, else 80', () =>
  withRedeem({}, async ({ startDialog }) => {
    const own = startDialog([], { columns: 0 });
    await choose(own);
    own.type(keys.enter);
    expect(await own.exitCode).toBe(3);
    expect(own.shown()).toMatch(/● Bonus reset, expires .*\n.*○ Monthly reset, expires .*\n.*Leave/);
  }));

test('the answer is no unless it is yes', () =>
  withRedeem({}, async ({ startDialog, sent }) => {
    const own = startDialog([], { columns: 80 });
    await choose(own);
    own.type(keys.enter);
    expect([await own.exitCode, lastLines(own), sent()]).toEqual([
      3,
      '└  Not redeemed. No credit was used.\n\n',
      [],
    ]);
  }));

test('keys typed ahead do not confirm anything', () =>
  withRedeem({}, async ({ startDialog }) => {
    const own = startDialog([], { columns: 80 });
    own.type(`${keys.enter}y`);
    await own.stdout.until(listed);
    own.type(keys.escape);
    expect(await own.exitCode).toBe(3);
    expect(own.shown()).not.toContain('Redeem it now?');
  }));

test('another credit than the first may be chosen', () =>
  withRedeem({}, async ({ startDialog, used }) => {
    const own = startDialog([], { columns: 80 });
    await own.stdout.until(listed);
    own.type(keys.down);
    await own.stdout.until(/○ Bonus/);
    own.type(keys.enter);
    await own.stdout.until(asked);
    own.type('y');
    expect([await own.exitCode, used()]).toEqual([0, ['credit-1']]);
  }));

test('--credit skips the choice', () =>
  withRedeem({}, async ({ startDialog, used }) => {
    const own = startDialog(['--credit', 'credit-1'], { columns: 80 });
    await own.stdout.until(asked);
    expect(own.shown()).not.toContain('Leave');
    own.type('y');
    expect([await own.exitCode, used()]).toEqual([0, ['credit-1']]);
  }));

test('if the list is incomplete, the backend can choose the credit', () =>
  withRedeem({}, async ({ startDialog, backend, sent, used }) => {
    backend.script('credits', { body: { available_count: 2, credits: [] } });
    const own = startDialog([], { columns: 80 });
    await own.stdout.until(/● One chosen by the backend\n[^]*confirm/);
    own.type(keys.enter);
    await own.stdout.until(asked);
    expect(own.shown()).toContain('│  A reset credit chosen by the backend\n');
    own.type('y');
    expect([await own.exitCode, used()]).toEqual([0, ['credit-2']]);
    expect(sent()[0]).not.toHaveProperty('credit_id');
  }));

test('if there is no credit, it offers to check again', () =>
  withRedeem({}, async ({ startDialog, backend }) => {
    backend.script('credits', { body: { available_count: 0, credits: [] } });
    const own = startDialog([], { columns: 80 });
    await own.stdout.until(/Reset credits: 0\n.*○ Redeem one \(0 available\).*\n.*● Check again\n/);
    backend.script('credits', undefined);
    own.type(keys.enter);
    await own.stdout.until(/Reset credits: 2\n/);
    own.type(keys.escape);
    expect(await own.exitCode).toBe(3);
  }));

test('if the number of credits is unknown, it offers to check again', () =>
  withRedeem({}, async ({ startDialog, backend }) => {
    backend.script('credits', { status: 404, body: {} });
    backend.script('usage', { body: { plan_type: 'pro', account_id: 'account-dev' } });
    const own = startDialog([], { columns: 80 });
    await own.stdout.until(/The number of reset credits is not known\.\n.*● Check again\n/);
    backend.script('credits', undefined);
    backend.script('usage', undefined);
    own.type(keys.enter);
    await own.stdout.until(/Reset credits: 2\n/);
    own.type(keys.ctrlC);
    expect(await own.exitCode).toBe(3);
  }));

test.each([
  ['while the credits are read again', keys.enter],
  ['while the question is shown', 'y'],
])('nothing is redeemed if another account signs in: %s', (name, key) =>
  withRedeem({}, async ({ startDialog, backend, sent }) => {
    const isAgain = name.includes('again');
    if (isAgain) backend.script('credits', { body: { available_count: 0, credits: [] } });
    const own = startDialog([], { columns: 80 });
    if (isAgain) await own.stdout.until(/Check again\n/);
    else await choose(own);
    backend.script('usage', { body: { plan_type: 'pro', account_id: 'account-other' } });
    own.type(key);
    expect([await own.exitCode, lastLines(own), sent()]).toEqual([
      3,
      '└  The signed-in account has changed. No credit was used.\n\n',
      [],
    ]);
  }),
);

test('it offers to finish an open attempt, with the same key', () =>
  withRedeem({}, async (fixture) => {
    await leaveOpen(fixture);
    const own = fixture.startDialog([], { columns: 80 });
    await own.stdout.until(offered);
    own.type(keys.enter);
    expect(await own.exitCode).toBe(0);
    expect(lastLines(own)).toContain('This was the attempt of <time>.\n');
    expect(new Set(fixture.sent().map(({ redeem_request_id: key }) => key)).size).toBe(1);
    expect(fixture.used()).toEqual(['credit-1']);
  }));

test('an attempt can be left open', () =>
  withRedeem({}, async (fixture) => {
    await leaveOpen(fixture);
    const own = fixture.startDialog([], { columns: 80 });
    await own.stdout.until(offered);
    own.type(keys.down);
    await own.stdout.until(/● Leave it open/);
    own.type(keys.enter);
    expect(await own.exitCode).toBe(4);
    expect(lastLines(own).replace(/\s+/g, ' ')).toBe(
      '└ Not redeemed. The attempt of <time> is open: it may have used a credit. Run redeem again to finish it; that uses no second credit. ',
    );
  }));

test('while the outcome is unknown the same request can be sent again', () =>
  withRedeem({}, async ({ startDialog, backend, sent, used }) => {
    backend.script('consume', { status: 500, body: {} });
    const own = startDialog([], { columns: 80 });
    await choose(own);
    own.type('y');
    await own.stdout.until(
      /It is not known whether a credit was used\.\n.*● Try the same one again[^]*confirm/,
    );
    backend.script('consume', undefined);
    own.type(keys.enter);
    expect([await own.exitCode, used()]).toEqual([0, ['credit-2']]);
    expect(new Set(sent().map(({ redeem_request_id: key }) => key)).size).toBe(1);
  }));

test('no redemption is begun while windows of the last one may still move', () =>
  withRedeem({}, async ({ startDialog, run, backend, used }) => {
    backend.script('consume', { body: { code: 'reset', windows_reset: 2 } });
    await run('--yes');
    backend.script('consume', undefined);
    const kept = startDialog([], { columns: 80 });
    expect(await kept.exitCode).toBe(3);
    expect(lastLines(kept).replace(/\s+/g, ' ')).toMatch(
      /^└ The windows of the redemption of <time> may still be reset, until .* No credit was used\. $/,
    );
    await fetch(`${backend.url}/api/codex/rate-limit-reset-credits/consume`, {
      method: 'POST',
      headers: { authorization: 'Bearer token' },
      body: JSON.stringify({ redeem_request_id: 'elsewhere' }),
    });
    const moved = startDialog([], { columns: 80 });
    await moved.stdout.until(/Reset credits: 1\n/);
    moved.type(keys.escape);
    expect([await moved.exitCode, used()]).toEqual([3, ['credit-2']]);
  }));

test('the end of the input ends the dialog', () =>
  withRedeem({}, async ({ startDialog, sent }) => {
    for (const environment of [{}, { TERM: 'dumb' }]) {
      const own = startDialog([], { columns: 80, environment });
      await own.stdout.until(/Reset credits: 2/);
      own.end();
      expect([await own.exitCode, sent()]).toEqual([3, []]);
    }
  }));
