import { expect, test } from 'vitest';
import { UsageHomesOutput } from '../../../../src/protocol/schema/reports/usage-homes.js';
import { withHomes } from './fixture.js';

test('--need is asked of each home, and the exit code is the most important one', () =>
  withHomes({ scenario: 'at-limit' }, async ({ add, addOther, run }) => {
    add('one');
    addOther('two');
    add('out', { auth: 'none' });
    const text = await run(['two', 'one'], '--need', 'tightest:90');
    expect([text.exitCode, text.stderr]).toEqual([3, '']);
    expect(text.stdout).toMatch(
      /^~[\\/]two:\nToo little is left until .*\.\n {2}tightest limit {2}\d+ % left, 90 % needed.*\n~[\\/]one:\nBlocked until /,
    );
    const json = await run(['one', 'two', 'out'], '--need', 'tightest:90', '--json');
    expect(json.exitCode).toBe(5);
    const { accounts } = UsageHomesOutput.parse(JSON.parse(json.stdout));
    expect(accounts.map((account) => ('gate' in account ? account.gate?.verdict : 'failed'))).toEqual([
      'blocked',
      'tooLittle',
      'failed',
    ]);
    expect((await run(['two'], '--need', 'tightest:90')).exitCode).toBe(6);
    expect((await run(['two'], '--need', '17:1', '--fail-open')).stderr).toMatch(
      /^~[\\/]two: It is not known/,
    );
  }));
