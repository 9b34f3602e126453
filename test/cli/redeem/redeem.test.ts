import { expect, test } from 'vitest';
import { withRedeem } from './fixture.js';

const verifiedWindows = [300, 10_080].map((windowDurationMins) => ({
  windowDurationMins,
  usedPercent: 100,
  resetsAt: 0,
  verdict: 'verified',
  after: { usedPercent: 0, resetsAt: 0 },
}));
const attempt = {
  accountId: 'account-dev',
  creditId: null,
  state: 'verified',
  startedAt: 0,
  updatedAt: 0,
  redeemedAt: 0,
  windows: verifiedWindows,
  ruleId: null,
  abandonReason: null,
  reversal: null,
};

test('--yes redeems a credit without asking, and shows what happened to each window', () =>
  withRedeem({}, async ({ run, used, states }) => {
    const { exitCode, stdout, stderr } = await run('--yes');
    expect({ exitCode, stdout: stdout.replace(/resets .*\d\d:\d\d/g, 'resets <time>'), stderr }).toEqual({
      exitCode: 0,
      stdout: `A reset credit was used, and the windows have been reset (verified).
5 hours  verified: 100 % → 0 %, resets <time>
week     verified: 100 % → 0 %, resets <time>
Use is allowed.
Reset credits left: 1
`,
      stderr: '',
    });
    // The backend has chosen the credit that expires first.
    expect([used(), states()]).toEqual([['credit-2'], ['verified']]);
  }));

test('--credit names the credit, and --json prints everything except the key', () =>
  withRedeem({}, async ({ json, sent, used }) => {
    const { exitCode, output } = await json('--yes', '--credit', 'credit-1');
    expect([exitCode, output, used()]).toEqual([
      0,
      {
        version: 1,
        spent: 'yes',
        isRepeated: false,
        redemption: { ...attempt, creditId: 'credit-1' },
        usage: expect.objectContaining({ version: 1, permission: 'allowed' }),
      },
      ['credit-1'],
    ]);
    const [request] = sent();
    expect(request?.credit_id).toBe('credit-1');
    expect(JSON.stringify(output)).not.toContain(request?.redeem_request_id);
  }));

test('a credit that has gone is not reported as having none', () =>
  withRedeem({}, async ({ run, backend }) => {
    backend.script('consume', { body: { code: 'no_credit', windows_reset: 0 } });
    const { exitCode, stdout } = await run('--yes', '--credit', 'credit-1');
    expect([exitCode, stdout.split('\n')[0]]).toEqual([
      3,
      'This credit is not available, but others may be. No credit was used.',
    ]);
  }));

test.each([
  ['fresh', 'No window can be reset now. No credit was used.', 'nothingToReset'],
  ['no-credits', 'There is no reset credit. No credit was used.', 'noCredit'],
] as const)('the exit code is 3 if no credit was used: %s', (scenario, sentence, state) =>
  withRedeem({ scenario }, async ({ run, states, used }) => {
    const { exitCode, stdout } = await run('--yes', '--force');
    expect([exitCode, stdout.split('\n')[0], states(), used()]).toEqual([3, sentence, [state], []]);
  }),
);

test('the help names the exit codes', () =>
  withRedeem({}, async ({ run }) => {
    const { exitCode, stdout } = await run('--help');
    expect(exitCode).toBe(0);
    for (const word of [
      '0 this attempt used a credit',
      '3 no credit was used',
      '5 signed out',
      '--history',
    ]) {
      expect(stdout).toContain(word);
    }
  }));

test('the next call finishes an attempt whose outcome is unknown, with the same key', () =>
  withRedeem({}, async ({ run, json, backend, sent, used }) => {
    backend.script('consume', (_request, response) => {
      // The credit is used although no response is sent.
      response.destroy();
      return undefined;
    });
    const { exitCode, stderr } = await run('--yes', '--credit', 'credit-1');
    expect(exitCode).toBe(4);
    expect(stderr.replaceAll('\n', ' ')).toMatch(
      /^It is not known whether a credit was used\. .* The attempt of \d\d:\d\d is open: it may have used a credit\. Run redeem again to finish it; that uses no second credit\. $/,
    );
    expect((await run('--history')).exitCode).toBe(4);

    backend.script('consume', undefined);
    const other = await json('--yes', '--credit', 'credit-2');
    expect(other).toMatchObject({
      exitCode: 4,
      output: { spent: 'unknown', error: { kind: 'anotherIsOpen' }, redemption: { creditId: 'credit-1' } },
    });
    const next = await json('--yes');
    expect(next).toMatchObject({
      exitCode: 0,
      output: { spent: 'yes', isRepeated: true, redemption: { creditId: 'credit-1' } },
    });
    expect(new Set(sent().map(({ redeem_request_id: key }) => key)).size).toBe(1);
    expect(used()).toEqual(['credit-1']);
  }));

test('no redemption is begun while windows of the last one may still move', () =>
  withRedeem({}, async ({ run, json, backend, used }) => {
    backend.script('consume', { body: { code: 'reset', windows_reset: 2 } });
    const first = await run('--yes');
    expect([first.exitCode, first.stdout.replace(/until .*\d\d:\d\d/, 'until <time>')]).toEqual([
      0,
      `A reset credit was used, but no window has been reset yet (pending). This may
take four hours; no other redemption is started until then.
5 hours  pending: was at 100 %, not reset yet
week     pending: was at 100 %, not reset yet
Still blocked until <time>: the rate limit is reached (week).
Reset credits left: 2
`,
    ]);
    backend.script('consume', undefined);
    const { exitCode, stderr } = await run('--yes');
    expect([exitCode, used()]).toEqual([3, []]);
    expect(stderr.replaceAll('\n', ' ')).toMatch(
      /^The windows of the redemption of \d\d:\d\d may still be reset, until .*; no other redemption is started before\. No credit was used\. $/,
    );
    expect(await json('--yes')).toMatchObject({
      exitCode: 3,
      output: { spent: 'no', error: { kind: 'pending' }, redemption: { state: 'pending' } },
    });
  }));

test('a redemption succeeds even if the limits cannot be read afterwards', () =>
  withRedeem({}, async ({ run, backend }) => {
    backend.script('consume', () => {
      backend.script('usage', { status: 400, body: {} });
      return undefined;
    });
    const { exitCode, stdout } = await run('--yes');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^A reset credit was used, .*\nThe limits could not be read afterwards\.\n$/s);
    expect(stdout).not.toContain('left');
  }));

test('the history has the newest attempt first, and sends nothing', () =>
  withRedeem({}, async ({ run, json, backend }) => {
    expect(await run('--history')).toEqual({
      exitCode: 0,
      stdout: 'No redemption is recorded in this CODEX_HOME.\n',
      stderr: '',
    });
    await run('--yes', '--credit', 'credit-1');
    await run('--yes', '--force');
    const asked = backend.requests.length;
    const { exitCode, stdout } = await run('--history');
    expect([exitCode, stdout.replace(/\d\d:\d\d/g, '<time>')]).toEqual([
      0,
      `<time>  nothing to reset, no credit used
  any credit, account account-dev

<time>  credit used, verified
  credit-1, account account-dev
  5 hours  verified: was at 100 %, has been reset
  week     verified: was at 100 %, has been reset
`,
    ]);
    expect(await json('--history')).toMatchObject({
      exitCode: 0,
      output: { version: 1, redemptions: [{ state: 'nothingToReset' }, { state: 'verified' }] },
    });
    expect(backend.requests).toHaveLength(asked);
  }));

test.each([[['--history']], [['--history', '--json']]])('%j needs neither a server nor a login', (args) =>
  withRedeem({ auth: 'none' }, async ({ startDialog }) => {
    // No other node process starts with these options.
    const { stdout, stderr, exitCode } = startDialog(args, {
      environment: { NODE_OPTIONS: '--no-such-option' },
    });
    expect([await exitCode, stderr.text()]).toEqual([0, '']);
    expect(stdout.text()).toBe(
      args.includes('--json')
        ? '{\n  "version": 1,\n  "redemptions": []\n}\n'
        : 'No redemption is recorded in this CODEX_HOME.\n',
    );
  }),
);
