import { expect, test } from 'vitest';
import { blockedText, withRule } from './fixture.js';

const cases: readonly [args: string, message: string][] = [
  ['--when never', "--when takes blocked, expiring:TIME or tightest:PERCENT, not 'never'."],
  ['--when blocked:3', "--when takes blocked, expiring:TIME or tightest:PERCENT, not 'blocked:3'."],
  ['--when expiring', "--when takes blocked, expiring:TIME or tightest:PERCENT, not 'expiring'."],
  ['--when expiring:soon', "--when expiring: takes a duration such as 90s, 30m, 6h or 7d, not 'soon'."],
  ['--when tightest:-3', "--when tightest: takes 0 to 50 percent, not '-3'."],
  ['--when tightest:51', "--when tightest: takes 0 to 50 percent, not '51'."],
  ['--when blocked --keep=-1', "--keep takes a number of credits from 0 to 1000, not '-1'."],
  ['--when blocked --at-most 0/1d', "--at-most takes a number of credits from 1 to 1000, not '0'."],
  ['--when blocked --at-most 1', "--at-most takes a number and a time, such as 1/7d, not '1'."],
  ['--when blocked --min-gain x', "--min-gain takes a duration such as 90s, 30m, 6h or 7d, not 'x'."],
  ['--when blocked --yes', `--yes does not say to which rule you agree; --consent '${blockedText}' does.`],
  ['--when blocked --consent yes', `--consent names another rule; this one is --consent '${blockedText}'.`],
  ['--when blocked --force', '--when and --force exclude each other.'],
  ['--when blocked --history', '--when and --history exclude each other.'],
  ['--when blocked --evidence', '--when and --evidence exclude each other.'],
  ['--when blocked --abandon why', '--when and --abandon exclude each other.'],
  ['--when blocked --rules', '--when and --rules exclude each other.'],
  ['--when blocked --revoke', '--when and --revoke exclude each other.'],
  ['--rules --yes', '--rules and --yes exclude each other.'],
  ['--revoke 1 --credit one', '--revoke and --credit exclude each other.'],
  ['--revoke none', "Unexpected argument 'none'."],
  ['--keep 1', '--keep is for --when.'],
  ['--dry-run', '--dry-run is for --when.'],
  ['--rules --consent x', '--consent is for --when.'],
];

test.each(cases)('redeem %s is wrong use, and nothing is read', (args, message) =>
  withRule({}, async ({ run, backend }) => {
    expect(await run(...args.split(' '))).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `codex-account-server redeem: ${message} See --help.\n`,
    });
    expect(backend.requests).toEqual([]);
  }),
);
