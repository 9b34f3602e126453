import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withRedeem } from './fixture.js';

test.each([[[]], [['--json']], [['--credit', 'credit-1']]])(
  'without a terminal and without --yes nothing is redeemed: %j',
  (args) =>
    withRedeem({}, async ({ run, backend }) => {
      expect(await run(...args)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr:
          'codex-account-server redeem: there is no terminal to ask on; --yes redeems without asking. See --help.\n',
      });
      expect(backend.requests).toEqual([]);
    }),
);

test.each([
  [['--nope'], "Unknown option '--nope'"],
  [['credit-1'], "Unexpected argument 'credit-1'. See --help."],
  [['sk-secret'], 'Unexpected argument. See --help.'],
  [['--yse'], "Unknown option '--yse'; did you mean --yes? See --help."],
  [['--yes', '--credit', ''], '--credit takes the id of a credit'],
  [['--history', '--yes'], '--history takes no other option than --json'],
  [['--history', '--credit', 'credit-1'], '--history takes no other option than --json'],
])('%j is wrong usage, and nothing is sent', (args, reason) =>
  withRedeem({}, async ({ run, backend }) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`codex-account-server redeem: ${reason}`);
    expect(backend.requests).toEqual([]);
  }),
);

test.each(['none', 'apiKey'] as const)('signed out has its own exit code: %s', (auth) =>
  withRedeem({ auth }, async ({ run }) => {
    expect(await run('--yes')).toEqual({
      exitCode: 5,
      stdout: '',
      stderr:
        'No credit was used. You are not signed in with ChatGPT. To sign in:\ncodex-account-server login\n',
    });
  }),
);

test('a failed read is reported as a sentence, or as JSON', () =>
  withRedeem({ scenario: 'rate-limited' }, async ({ run, json }) => {
    expect(await run('--yes')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'The backend was asked too often. Try again in 30 s. No credit was used.\n',
    });
    expect(await json('--yes')).toEqual({
      exitCode: 1,
      output: {
        version: 1,
        failedAt: 0,
        spent: 'no',
        error: {
          kind: 'rateLimited',
          data: {
            kind: 'rateLimited',
            httpStatus: 429,
            retryAfterMs: 30_000,
            requestId: expect.any(String) as string,
          },
          message: expect.stringMatching(/^The backend was asked too often\..*No credit was used\.$/),
        },
        redemption: null,
      },
    });
  }));

test('a refused redemption uses no credit', () =>
  withRedeem({}, async ({ run, backend, states }) => {
    backend.script('consume', { status: 400, body: { detail: 'no' } });
    const { exitCode, stderr } = await run('--yes');
    expect([exitCode, states()]).toEqual([1, ['refused']]);
    expect(stderr).toMatch(/^The backend answered with status 400.*\sNo credit was used\.\n$/s);
  }));

test('a credit that was used before is not sent again', () =>
  withRedeem({}, async ({ run, used, sent }) => {
    await run('--yes', '--credit', 'credit-1');
    const { exitCode, stderr } = await run('--yes', '--force', '--credit', 'credit-1');
    expect([exitCode, stderr]).toEqual([3, 'That credit is no longer available. No credit was used.\n']);
    expect([used(), sent().length]).toEqual([['credit-1'], 1]);
  }));

test.each([
  ['broken', 'no JSON', 'journalInvalid', 'is broken'],
  ['of a newer version', '{"version":5,"redemptions":[]}', 'journalNewer', 'was written by a newer version'],
])('nothing is redeemed if the journal is %s', (_name, text, kind, words) =>
  withRedeem({}, async ({ run, json, home, sent }) => {
    const path = join(home, 'account-server/redemptions.json');
    mkdirSync(join(home, 'account-server'));
    writeFileSync(path, text);
    const { exitCode, stderr } = await run('--yes');
    expect([exitCode, sent()]).toEqual([1, []]);
    expect(stderr.replaceAll('\n', ' ')).toContain(words);
    expect(await json('--yes')).toMatchObject({ exitCode: 1, output: { spent: 'no', error: { kind } } });
    expect((await run('--history')).exitCode).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }),
);

test('an attempt stays open if its outcome cannot be recorded', () =>
  withRedeem({}, async ({ json, backend, home, states }) => {
    backend.script('consume', () => {
      chmodSync(join(home, 'account-server/redemptions.json'), 0o400);
      return { body: { code: 'no_credit', windows_reset: 0 } };
    });
    expect(await json('--yes')).toMatchObject({
      exitCode: 4,
      output: { spent: 'no', error: { kind: 'journalUnavailable' }, redemption: { state: 'noCredit' } },
    });
    expect(states()).toEqual(['sending']);
  }));

test.each([
  ['EPIPE', ''],
  ['ENOSPC', 'codex-account-server redeem: cannot write: write ENOSPC\n'],
])('the exit code says whether a credit was used even if the output cannot be written: %s', (code, words) =>
  withRedeem({}, async ({ startDialog, used }) => {
    const { stdout, stderr, exitCode } = startDialog(['--yes', '--json']);
    stdout.breakWith(code);
    expect([await exitCode, stderr.text(), used()]).toEqual([0, words, ['credit-2']]);
  }),
);

test('a history that cannot be written is a failure', () =>
  withRedeem({}, async ({ startDialog }) => {
    const { stderr, exitCode } = startDialog(['--history'], { stdoutError: 'ENOSPC' });
    expect([await exitCode, stderr.text()]).toEqual([
      1,
      'codex-account-server redeem: cannot write: write ENOSPC\n',
    ]);
  }));
