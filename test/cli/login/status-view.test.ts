import { expect, test } from 'vitest';
import { statusView } from '../../../src/cli/login/status/view.js';
import { textStyleFor } from '../../../src/cli/terminal/text-style.js';
import type { LoginStatusReport } from '../../../src/protocol/schema/reports/login-status-report.js';

const day = 86_400;
const nowMs = Date.parse('2026-01-02T00:00:00Z');
const report: LoginStatusReport = {
  version: 1,
  isSignedIn: true,
  method: 'chatgpt',
  accountId: 'account-1',
  userId: null,
  email: 'jörg@example.org',
  planType: 'plus',
  storedIn: 'keyring',
  path: null,
  accessTokenExpiresAt: nowMs / 1000 + 10 * day,
  lastRefreshedAt: nowMs / 1000 - day,
  check: null,
};

function viewOf(changes: Partial<LoginStatusReport>, environment: NodeJS.ProcessEnv = {}): string[] {
  const textStyle = textStyleFor({}, { LANG: 'C.UTF-8', TZ: 'UTC', COLUMNS: '80', ...environment });
  return statusView({ ...report, ...changes }, { nowMs, textStyle });
}

test('the details fit 40 columns, and are ASCII without UTF-8', () => {
  expect(viewOf({}, { LANG: 'C', COLUMNS: '40' })).toEqual([
    'Account    account-1',
    'E-mail     jorg@example.org',
    'Plan       plus',
    'Stored in  the keyring',
    'Token      expires Mon 12 Jan, 00:00, in',
    '           10 d 0 h; it is refreshed',
    '           before that',
    'Refreshed  Thu 1 Jan, 00:00, 1 d 0 h ago',
  ]);
});

test.each<[changes: Partial<LoginStatusReport>, line: string]>([
  [
    { accessTokenExpiresAt: nowMs / 1000 - 60 },
    'Token      has expired Thu 1 Jan, 23:59, 1 min ago; the next read refreshes it',
  ],
  [{ accessTokenExpiresAt: null }, 'Token      does not say when it expires'],
  [
    { method: 'chatgptAuthTokens' },
    'Token      expires Mon 12 Jan, 00:00, in 10 d 0 h; another program refreshes it',
  ],
  [{ accessTokenExpiresAt: 9_007_199_254_740_991 }, 'Token      does not say when it expires'],
  [{ storedIn: 'environment' }, 'Stored in  CODEX_ACCESS_TOKEN, which is used instead of a stored login'],
])('the details of a login with %j have the line %s', (changes, line) => {
  expect(viewOf(changes)).toContain(line);
});
