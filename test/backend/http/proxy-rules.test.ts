import { expect, test } from 'vitest';
import { proxyFor } from '../../../src/backend/http/proxy.js';

const proxy = 'http://proxy.test:8080';
const other = 'http://other.test:8080';

/** A URL, the environment, and the proxy for the URL or null. */
test.each([
  ['http://a.test', {}, null],
  ['http://a.test', { HTTP_PROXY: proxy }, proxy],
  ['http://a.test', { http_proxy: proxy }, proxy],
  ['http://a.test', { ALL_PROXY: proxy }, proxy],
  ['http://a.test', { all_proxy: proxy }, proxy],
  ['http://a.test', { HTTPS_PROXY: proxy }, null],
  ['https://a.test', { HTTPS_PROXY: proxy }, proxy],
  ['https://a.test', { https_proxy: proxy }, proxy],
  ['https://a.test', { ALL_PROXY: proxy }, proxy],
  ['https://a.test', { HTTP_PROXY: proxy }, null],
  ['http://a.test', { HTTP_PROXY: proxy, ALL_PROXY: other }, proxy],
  ['http://a.test', { HTTP_PROXY: '', ALL_PROXY: other }, other],
  ['http://a.test', { HTTP_PROXY: '' }, null],
  ['http://a.test', { HTTP_PROXY: ' ' }, null],
  ['http://a.test', { HTTP_PROXY: proxy, http_proxy: other }, proxy],
  ['http://a.test', { HTTP_PROXY: '', http_proxy: other }, null],
  ['http://a.test', { HTTP_PROXY: 'proxy.test:8080' }, proxy],
  ['http://a.test', { HTTP_PROXY: 'https://proxy.test/path?query' }, 'https://proxy.test'],
  ['http://a.test', { HTTP_PROXY: 'http://[::1]:8080' }, 'http://[::1]:8080'],
  ['http://127.0.0.1:1', { HTTP_PROXY: proxy }, proxy],
  ['http://localhost', { HTTP_PROXY: proxy }, proxy],
  ['http://a.test', { REQUEST_METHOD: 'GET', HTTP_PROXY: proxy }, null],
  ['http://a.test', { REQUEST_METHOD: 'GET', http_proxy: proxy }, proxy],
  ['https://a.test', { REQUEST_METHOD: 'GET', HTTPS_PROXY: proxy }, proxy],
] as const)('%s with %j', (url, environment, expected) => {
  expect(proxyFor(new URL(url), environment)?.url.origin ?? null).toBe(expected);
});

test.each([
  ['', 'http://a.test', false],
  [',', 'http://a.test', false],
  ['*', 'http://a.test', true],
  ['*', 'http://127.0.0.1', false],
  ['a.test', 'http://a.test', true],
  ['A.TEST', 'http://a.test', true],
  ['a.test', 'http://A.test', true],
  ['a.test', 'http://sub.a.test', true],
  ['.a.test', 'http://a.test', true],
  ['.a.test', 'http://sub.a.test', true],
  ['a.test', 'http://nota.test', false],
  ['.a.test', 'http://nota.test', false],
  ['sub.a.test', 'http://a.test', false],
  ['other.test, a.test ', 'http://a.test', true],
  ['localhost', 'http://localhost:1', true],
  ['.localhost', 'http://localhost:1', true],
  ['localhost:1', 'http://localhost:1', false],
  ['localhost', 'http://127.0.0.1', false],
  ['127.0.0.1', 'http://127.0.0.1:1', true],
  ['127.0.0.1', 'http://localhost', false],
  ['127.0.0.1:1', 'http://127.0.0.1:1', false],
  ['127.0.0.0/8', 'http://127.1.2.3', true],
  ['10.42.1.1/24', 'http://10.42.1.100', true],
  ['10.42.1.1/24', 'http://10.43.1.1', false],
  ['10.0.0.0/99', 'http://10.0.0.1', false],
  ['10.0.0.0/', 'http://10.0.0.1', false],
  ['::1', 'http://[::1]:1', true],
  ['2001::/17', 'http://[2001:db8::1]', true],
  ['2001::/17', 'http://[2005:db8::1]', false],
  ['::1', 'http://127.0.0.1', false],
] as const)('NO_PROXY=%j for %s', (noProxy, url, isExempt) => {
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const found = proxyFor(new URL(url), { HTTP_PROXY: proxy, [name]: noProxy });
    expect(found === undefined).toBe(isExempt);
  }
});

test.each([
  ['http://proxy.test', undefined],
  ['http://u:p@proxy.test', 'u:p'],
  ['u:p@proxy.test', 'u:p'],
  ['http://u@proxy.test', 'u:'],
  ['http://u%40x:%C3%A4%2F%25@proxy.test', 'u@x:ä/%'],
  ['http://ä:100%@proxy.test', 'ä:100%'],
])('the credentials in %s are %j', (value, credentials) => {
  expect(proxyFor(new URL('http://a.test'), { HTTP_PROXY: value })).toEqual({
    url: new URL('http://proxy.test'),
    authorization: credentials && `Basic ${Buffer.from(credentials).toString('base64')}`,
  });
});

test.each([
  [
    'socks5://user:secret@proxy.test',
    'a proxy of the kind socks5:// is not supported, only http:// and https://',
  ],
  ['http://user:secret@proxy.test:99999', 'the proxy in the environment is not a URL'],
])('%s is refused, and the error does not contain it', (value, message) => {
  expect(() => proxyFor(new URL('http://a.test'), { ALL_PROXY: value })).toThrow(
    expect.objectContaining({ name: 'ConnectError', message }),
  );
});
