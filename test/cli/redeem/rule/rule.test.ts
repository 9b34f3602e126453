import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { devIdentity } from '../../../../src/dev-backend/identity.js';
import { agreed, blockedText, withRule, writeConsents } from './fixture.js';

test('with a consent it redeems the credit that expires first, once, and ends by a signal with 0', () =>
  withRule({}, async ({ follow, used, states, journal, consents }) => {
    const followed = await follow(...agreed);
    await followed.stdout.until(/Reset credits left: 1\n/);
    followed.stop();
    expect([await followed.exitCode, used(), states()]).toEqual([0, ['credit-2'], ['verified']]);
    expect(journal()[0]?.ruleId).toBe(1);
    expect(consents()).toEqual([
      {
        id: 1,
        account: { accountId: 'account-dev', userId: 'user-dev' },
        rule: blockedText,
        source: 'option',
        givenAtMs: expect.any(Number) as number,
        revokedAtMs: null,
      },
    ]);
    expect(followed.shown().replace(/\d\d:\d\d|\w{3} \d+ \w{3}, \d\d:\d\d/g, '<time>')).toMatch(
      /^<time>, rule 1: credit credit-2\nA reset credit was used, and the windows have been reset \(verified\)\.\n/,
    );
  }));

test('a second start needs no consent, and with --json each redemption is one line', () =>
  withRule({}, async ({ follow, home }) => {
    mkdirSync(join(home, 'account-server'), { recursive: true });
    writeConsents({ home }, [{}]);
    const followed = await follow('--when', 'blocked', '--json');
    await followed.stdout.until(/\n/);
    followed.stop();
    await followed.exitCode;
    const lines = followed.stdout.text().split('\n');
    expect(lines.length).toBe(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      spent: 'yes',
      redemption: { ruleId: 1, creditId: 'credit-2', state: 'verified' },
    });
  }));

test('it waits while a condition is not met, and redeems once all are', () =>
  withRule({}, async ({ follow, lookAgain, showUse, backend, used }) => {
    showUse(40, 200);
    const followed = await follow(...agreed);
    expect(followed.stderr.text()).toContain('Waiting. The rate limit does not block use.\n');
    expect(used()).toEqual([]);
    backend.script('usage', undefined);
    await lookAgain(followed, /credit-2/);
    followed.stop();
    expect([await followed.exitCode, used()]).toEqual([0, ['credit-2']]);
  }));

test('a process whose rule is revoked redeems nothing from then on, and ends with 3', () =>
  withRule({}, async ({ follow, lookAgain, run, showUse, backend, sent }) => {
    showUse(40, 200);
    const followed = await follow(...agreed);
    expect((await run('--revoke', '1')).exitCode).toBe(0);
    backend.script('usage', undefined);
    await lookAgain(followed, /revoked/);
    expect([await followed.exitCode, sent()]).toEqual([3, []]);
    expect(followed.stderr.text()).toMatch(
      /This rule was revoked\. Only on a terminal can you agree to it\s+again\./,
    );
  }));

test('a revocation after the decision counts: the journal is read again under the lock', () =>
  withRule({}, async ({ follow, backend, sent, home }) => {
    let reads = 0;
    backend.script('usage', () => {
      reads += 1;
      // The first read is for the consent, the second one decides, the third one is under the lock.
      if (reads === 3) writeConsents({ home }, [{ revokedAtMs: 2_000 }]);
      return undefined;
    });
    const followed = await follow(...agreed);
    expect([await followed.exitCode, sent()]).toEqual([3, []]);
  }));

test('a limit that has changed after the decision counts: it is decided again under the lock', () =>
  withRule({}, async ({ follow, backend, sent, showUse }) => {
    let reads = 0;
    backend.script('usage', () => {
      reads += 1;
      if (reads === 2) showUse(40, 200);
      return undefined;
    });
    const followed = await follow(...agreed);
    expect(followed.stderr.text()).toContain('Not redeemed. The rate limit does not block use.');
    followed.stop();
    expect([await followed.exitCode, sent()]).toEqual([0, []]);
  }));

test('after a revocation --consent does not count, so that a service cannot undo it', () =>
  withRule({}, async ({ run, home, sent }) => {
    mkdirSync(join(home, 'account-server'), { recursive: true });
    writeConsents({ home }, [{ revokedAtMs: 2_000 }]);
    const { exitCode, stderr } = await run(...agreed);
    expect([exitCode, sent()]).toEqual([3, []]);
    expect(stderr).toMatch(/^This rule was revoked\./);
  }));

test.each([
  ['of another user', { account: { accountId: 'account-dev', userId: 'user-other' } }],
  ['of another account', { account: { accountId: 'account-other', userId: 'user-dev' } }],
])('the consent %s does not count', (_whose, change) =>
  withRule({}, async ({ run, home, sent }) => {
    mkdirSync(join(home, 'account-server'), { recursive: true });
    writeConsents({ home }, [change]);
    const { exitCode, stderr } = await run('--when', 'blocked');
    expect([exitCode, sent()]).toEqual([3, []]);
    expect(stderr).toMatch(/^You have not agreed to this rule with this login,/);
  }),
);

test('it stops if another user signs in', () =>
  withRule({}, async ({ follow, lookAgain, showUse, signIn, sent }) => {
    showUse(40, 200);
    const followed = await follow(...agreed);
    const other = { ...devIdentity, userId: 'user-other' };
    signIn(other);
    showUse(100, 200, { user_id: other.userId });
    await lookAgain(followed, /Another account has signed in/);
    expect([await followed.exitCode, sent()]).toEqual([3, []]);
  }));

test('--consent counts once: another user does not agree by it', () =>
  withRule({}, async ({ run, home, sent }) => {
    mkdirSync(join(home, 'account-server'), { recursive: true });
    writeConsents({ home }, [{ account: { accountId: 'account-dev', userId: 'user-other' } }]);
    const { exitCode, stderr } = await run(...agreed);
    expect([exitCode, sent()]).toEqual([3, []]);
    expect(stderr).toMatch(/^In this CODEX_HOME another user has agreed to this rule,/);
  }));

test('without a terminal or a consent nothing is read', () =>
  withRule({}, async ({ run, backend }) => {
    const { exitCode, stdout, stderr } = await run('--when', 'blocked');
    expect([exitCode, stdout, backend.requests]).toEqual([2, '', []]);
    expect(stderr.replaceAll('\n', ' ')).toContain(`with --consent '${blockedText}'.`);
  }));

test('signed out, it ends with 5', () =>
  withRule({ auth: 'none' }, async ({ run }) => {
    expect((await run(...agreed)).exitCode).toBe(5);
  }));

test('an attempt whose outcome is unknown is finished with its key by the next start', () =>
  withRule({}, async ({ follow, backend, sent, used, states }) => {
    backend.script('consume', (_request, response) => {
      response.destroy();
      return undefined;
    });
    const first = await follow(...agreed);
    await first.stderr.until(/is open: it may have used\s+a\s+credit/);
    first.stop();
    expect([await first.exitCode, states()]).toEqual([0, ['unclear']]);
    backend.script('consume', undefined);
    const second = await follow(...agreed);
    await second.stdout.until(/This was the attempt of/);
    second.stop();
    await second.exitCode;
    expect([new Set(sent().map((each) => each.redeem_request_id)).size, used()]).toEqual([1, ['credit-2']]);
  }));

test('an attempt that was not carried out is not sent again if the rule no longer decides it', () =>
  withRule({}, async ({ follow, backend, sent, showUse, states }) => {
    backend.script('consume', (_request, response) => {
      response.destroy();
      return 'handled';
    });
    const first = await follow(...agreed);
    await first.stderr.until(/is open/);
    first.stop();
    await first.exitCode;
    const count = sent().length;
    backend.script('consume', undefined);
    showUse(3, 290);
    const second = await follow(...agreed);
    expect(second.stderr.text()).toContain('Not redeemed. The rate limit does not block use.');
    second.stop();
    expect([await second.exitCode, sent().length, states()]).toEqual([0, count, ['unclear']]);
  }));

test('an attempt of a user is left to the user', () =>
  withRule({}, async ({ follow, run, backend, sent }) => {
    backend.script('consume', { status: 500, body: {} });
    expect((await run('--yes')).exitCode).toBe(4);
    const count = sent().length;
    backend.script('consume', undefined);
    const followed = await follow(...agreed);
    expect(followed.stderr.text()).toContain('An attempt is open: redeem finishes it,');
    followed.stop();
    expect([await followed.exitCode, sent().length]).toEqual([0, count]);
  }));

test('after a 429 it goes on', () =>
  withRule({}, async ({ follow, lookAgain, backend, showUse, used }) => {
    showUse(40, 200);
    const followed = await follow(...agreed);
    backend.script('usage', { status: 429, body: {} });
    await lookAgain(followed, /The backend was asked too often/);
    backend.script('usage', undefined);
    await lookAgain(followed, /credit-2/);
    followed.stop();
    expect([await followed.exitCode, used()]).toEqual([0, ['credit-2']]);
  }));

test('a journal that cannot be written is refused before anything is sent', () =>
  withRule({}, async ({ run, home, sent }) => {
    mkdirSync(join(home, 'account-server/redemptions.json'), { recursive: true });
    const { exitCode, stderr } = await run(...agreed);
    expect([exitCode, sent()]).toEqual([1, []]);
    expect(stderr).toContain('redemptions.json cannot be');
  }));
