import { expect, test } from 'vitest';
import { createCookieJar } from '../../../src/backend/http/cookies/cookie-jar.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

const usage = new URL('https://chatgpt.com/backend-api/wham/usage');
const now = '2026-01-01T00:00:00Z';

/** Returns the header for a URL after these lines came with a reply. */
function sent(
  lines: readonly string[],
  { from = usage.href, to = from, laterMs = 0 }: { from?: string; to?: string; laterMs?: number } = {},
): string | undefined {
  let nowMs = Date.parse(now);
  const jar = createCookieJar({ ...createManualClock(), nowMs: () => nowMs });
  jar.keep(new URL(from), lines);
  nowMs += laterMs;
  return jar.headerFor(new URL(to));
}

test.each([
  ...['__cf_bm', '__cflb', '__cfruid', '__cfseq', '__cfwaitingroom', '_cfuvid'],
  ...['cf_clearance', 'cf_ob_info', 'cf_use_ob', 'cf_chl_', 'cf_chl_rc_i'],
])('a cookie with the name %s is kept', (name) => {
  expect(sent([`${name}=1`])).toBe(`${name}=1`);
});

test.each([
  ...['__cf_foo', '__cfduid', 'CF_Authorization', 'oai-did', '__Host-x', '__CF_BM', 'cf_chl', 'x__cf_bm', ''],
])('a cookie with the name %j is not kept', (name) => {
  expect(sent([`${name}=1`])).toBeUndefined();
});

test.each([
  ['__cf_bm=', '__cf_bm='],
  ['__cf_bm="a b"', '__cf_bm="a b"'],
  ['__cf_bm=a=b,c', '__cf_bm=a=b,c'],
  ['  __cf_bm =  1  ; Secure; HttpOnly; SameSite=None', '__cf_bm=1'],
  ['__cf_bm=\xe9', '__cf_bm=\xe9'],
  [`__cf_bm=${'a'.repeat(5000)}`, `__cf_bm=${'a'.repeat(5000)}`],
  ['__cf_bm', undefined],
  ['__cf_bm=a\0b', undefined],
  [`__cf_bm=${'a'.repeat(8 * 1024)}`, undefined],
])('of the line %j this is sent: %j', (line, header) => {
  expect(sent([line])).toBe(header);
});

test.each([
  [undefined, 'https://chatgpt.com', true],
  [undefined, 'https://chatgpt.com:8443', true],
  [undefined, 'https://a.chatgpt.com', false],
  ['', 'https://a.chatgpt.com', false],
  ['chatgpt.com', 'https://a.chatgpt.com', true],
  ['.ChatGPT.com', 'https://b.a.chatgpt.com', true],
  ['chatgpt.com', 'https://chat.openai.com', false],
  ['openai.com', 'https://chatgpt.com', false],
  ['a.chatgpt.com', 'https://a.chatgpt.com', false],
  ['com', 'https://chatgpt.com', false],
  ['tgpt.com', 'https://chatgpt.com', false],
])('with the domain %j a cookie of chatgpt.com is sent to %s: %j', (domain, to, isSent) => {
  const line = `__cf_bm=1; path=/${domain === undefined ? '' : `; domain=${domain}`}`;
  expect(sent([line], { to })).toBe(isSent ? '__cf_bm=1' : undefined);
});

test.each([
  [undefined, '/backend-api/wham/other', true],
  [undefined, '/backend-api/wham', true],
  [undefined, '/backend-api/whammy', false],
  [undefined, '/backend-api', false],
  ['wham', '/backend-api/wham/x', true],
  ['wham', '/wham', false],
  ['/', '/', true],
  ['/backend-api', '/backend-api/x', true],
  ['/backend-api/', '/backend-api/x', true],
  ['/backend-api/', '/backend-api', false],
  ['/backend-api', '/backend-apix', false],
])('with the path %j a cookie is sent to %s: %j', (path, to, isSent) => {
  const line = `__cf_bm=1${path === undefined ? '' : `; Path=${path}`}`;
  expect(sent([line], { to: `https://chatgpt.com${to}` })).toBe(isSent ? '__cf_bm=1' : undefined);
});

test('the default path of a reply to a URL without folders is the root', () => {
  expect(sent(['__cf_bm=1'], { from: 'https://chatgpt.com/x', to: usage.href })).toBe('__cf_bm=1');
});

test.each([
  ['max-age=2', 1_999, true],
  ['max-age=2', 2_000, false],
  ['max-age=0', 0, false],
  ['max-age=-1', 0, false],
  ['max-age=soon', 1e9, true],
  ['max-age=2; expires=Thu, 01 Jan 2099 00:00:00 GMT', 2_000, false],
  ['expires=Thu, 01 Jan 2026 00:00:02 GMT', 1_999, true],
  ['expires=Thu, 01 Jan 2026 00:00:02 GMT', 2_000, false],
  ['expires=Thursday, 01-Jan-26 00:00:02 GMT', 2_000, false],
  ['expires=Wed, 31-Dec-25 23:59:59 GMT', 0, false],
  ['expires=Thu, 01-Jan-70 00:00:00 GMT', 0, false],
  ['expires=soon', 1e9, true],
  ['expires=0', 1e9, true],
])('a cookie with %s is there %d ms later: %j', (attribute, laterMs, isSent) => {
  expect(sent([`__cf_bm=1; ${attribute}`], { laterMs })).toBe(isSent ? '__cf_bm=1' : undefined);
});

test('the same name, domain and path replace a cookie, and an expired one deletes it', () => {
  expect(sent(['__cf_bm=1', '__cf_bm=2'])).toBe('__cf_bm=2');
  expect(sent(['__cf_bm=1', '_cfuvid=3', '__cf_bm=; max-age=0'])).toBe('_cfuvid=3');
});

test('a longer path comes first', () => {
  expect(sent(['__cf_bm=1; path=/', '__cf_bm=2; path=/backend-api'])).toBe('__cf_bm=2; __cf_bm=1');
});

test('the newest 64 cookies are kept', () => {
  const names = Array.from({ length: 65 }, (_, index) => `cf_chl_${index}=1`);
  expect(sent(names)).toBe(names.slice(1).join('; '));
});
