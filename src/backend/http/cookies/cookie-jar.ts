import type { Clock } from '../../../util/clock.js';

export interface CookieJar {
  /** Returns the cookies of a URL as the value of a header; undefined if there is none. */
  headerFor(url: URL): string | undefined;
  /** Keeps the cookies in the `Set-Cookie` lines of a reply. A line that cannot be used is ignored. */
  keep(url: URL, lines: readonly string[]): void;
}

/** Cloudflare's cookies, by which it recognises a client. No other name is kept. */
const keptNames =
  /^(__cf_bm|__cflb|__cfruid|__cfseq|__cfwaitingroom|_cfuvid|cf_clearance|cf_ob_info|cf_use_ob|cf_chl_.*)$/;

/** The oldest cookie makes room for a new one. */
const maxCookies = 64;

/** The length of a line, attributes included. A longer one is ignored. */
const maxLineLength = 8 * 1024;

/** The characters that a header of a request can have, one byte each. */
const headerText = /^[\t\x20-\x7e\x80-\xff]*$/;

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Whether it is for this host alone, and not for the subdomains. */
  readonly isHostOnly: boolean;
  readonly path: string;
  /** Infinity: until the process ends. */
  readonly expiresAtMs: number;
}

/** Creates the jar. The rules for domains, paths and times are those of RFC 6265; `Secure` and `SameSite` are ignored. */
export function createCookieJar(clock: Clock): CookieJar {
  const cookies = new Map<string, Cookie>();

  function removeExpired(): void {
    for (const [key, { expiresAtMs }] of cookies) if (expiresAtMs <= clock.nowMs()) cookies.delete(key);
  }

  return {
    headerFor(url) {
      removeExpired();
      const those = [...cookies.values()].filter((cookie) => isFor(cookie, url));
      if (those.length === 0) return undefined;
      those.sort((one, other) => other.path.length - one.path.length);
      return those.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    keep(url, lines) {
      for (const line of lines) {
        const cookie = readCookie(line, url, clock.nowMs());
        if (!cookie) continue;
        const key = [cookie.name, cookie.domain, cookie.path].join(' ');
        cookies.delete(key);
        cookies.set(key, cookie);
      }
      removeExpired();
      for (const key of [...cookies.keys()].slice(0, -maxCookies)) cookies.delete(key);
    },
  };
}

function isFor({ domain, isHostOnly, path }: Cookie, { hostname, pathname }: URL): boolean {
  return (
    (hostname === domain || (!isHostOnly && hostname.endsWith(`.${domain}`))) &&
    (pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
  );
}

function readCookie(line: string, { hostname, pathname }: URL, nowMs: number): Cookie | undefined {
  if (line.length > maxLineLength || !headerText.test(line)) return undefined;
  const [pair = '', ...parts] = line.split(';');
  const [name, value] = splitAtEquals(pair);
  if (value === undefined || !keptNames.test(name)) return undefined;
  const attributes = new Map(parts.map(splitAtEquals).map(([key, text]) => [key.toLowerCase(), text ?? '']));
  const domain = attributes.get('domain')?.toLowerCase().replace(/^\./, '') || undefined;
  if (domain !== undefined && !isDomainOf(hostname, domain)) return undefined;
  const path = attributes.get('path') ?? '';
  return {
    name,
    value,
    domain: domain ?? hostname,
    isHostOnly: domain === undefined,
    path: path.startsWith('/') ? path : pathname.slice(0, pathname.lastIndexOf('/')) || '/',
    expiresAtMs: expiryMs(attributes, nowMs),
  };
}

function splitAtEquals(text: string): [name: string, value: string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text.trim(), undefined] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** Returns whether a domain is the host or above it. A top-level domain is not. */
function isDomainOf(hostname: string, domain: string): boolean {
  return hostname === domain || (domain.includes('.') && hostname.endsWith(`.${domain}`));
}

/** Returns when a cookie expires. `Max-Age` counts before `Expires`. One that cannot be read is ignored. */
function expiryMs(attributes: ReadonlyMap<string, string>, nowMs: number): number {
  const maxAge = attributes.get('max-age') ?? '';
  if (/^-?\d+$/.test(maxAge)) return nowMs + Number(maxAge) * 1000;
  return dateMs(attributes.get('expires') ?? '') ?? Infinity;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Reads `Wed, 21 Oct 2026 07:28:00 GMT`, also with hyphens and a year of two digits. */
function dateMs(text: string): number | undefined {
  const [, day, month = '', year = '', ...time] =
    /(\d{1,2})[ -]([a-z]{3})[ -](\d{4}|\d{2}) (\d{1,2}):(\d{2}):(\d{2})/i.exec(text) ?? [];
  const monthIndex = months.indexOf(month.toLowerCase());
  if (monthIndex < 0) return undefined;
  const century = year.length === 4 ? 0 : Number(year) < 70 ? 2000 : 1900;
  const [hours = 0, minutes = 0, seconds = 0] = time.map(Number);
  return Date.UTC(century + Number(year), monthIndex, Number(day), hours, minutes, seconds);
}
