import type { LoginStatusReport } from '../../../protocol/schema/reports/login-status-report.js';
import { labelledRows } from '../../terminal/labelled-rows.js';
import { plainText } from '../../terminal/plain-text.js';
import type { RenderContext } from '../../terminal/text-style.js';
import { age, duration, isDate, localTime } from '../../terminal/times.js';
import { withoutJoints } from '../../terminal/wrapped-text.js';

/** Renders the details of a login; none without a login. No line is wider than the terminal. */
export function statusView(report: LoginStatusReport, { nowMs, textStyle }: RenderContext): string[] {
  const { accountId, email, planType } = report;
  const rows: readonly (readonly [label: string, value: string | null])[] = [
    ['Account', accountId],
    ['E-mail', email],
    ['Plan', planType],
    ['Stored in', placeText(report)],
    ['Token', tokenText(report, { nowMs, textStyle })],
    ['Refreshed', refreshText(report, { nowMs, textStyle })],
  ];
  const known = rows.flatMap(([label, value]) =>
    value === null ? [] : [[label, plainText(value, textStyle)] as const],
  );
  return labelledRows(known, textStyle.columns).map(withoutJoints);
}

function placeText({ storedIn, path }: LoginStatusReport): string | null {
  if (storedIn === 'environment') return 'CODEX_ACCESS_TOKEN, which is used instead of a stored login';
  return storedIn === 'keyring' ? 'the keyring' : path;
}

const refreshedBy: Partial<Record<NonNullable<LoginStatusReport['method']>, string>> = {
  chatgpt: '; it is refreshed before that',
  chatgptAuthTokens: '; another program refreshes it',
};

/** Says when the access token expires. */
function tokenText(
  { method, accessTokenExpiresAt: at }: LoginStatusReport,
  { nowMs, textStyle }: RenderContext,
): string | null {
  if (method !== 'chatgpt' && method !== 'chatgptAuthTokens' && method !== 'personalAccessToken') return null;
  if (at === null || !isDate(at)) return 'does not say when it expires';
  const leftMs = at * 1000 - nowMs;
  const time = localTime(at, nowMs, textStyle);
  if (leftMs > 0) return `expires ${time}, in ${duration(leftMs)}${refreshedBy[method] ?? ''}`;
  const next = method === 'chatgpt' ? '; the next read refreshes it' : '';
  return `has expired ${time}, ${age(-leftMs)}${next}`;
}

function refreshText(
  { lastRefreshedAt: at }: LoginStatusReport,
  { nowMs, textStyle }: RenderContext,
): string | null {
  if (at === null || !isDate(at)) return null;
  return `${localTime(at, nowMs, textStyle)}, ${age(nowMs - at * 1000)}`;
}
