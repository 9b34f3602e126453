import type { Clock } from '../../../util/clock.js';
import type { ReplyHeaders } from '../reply.js';
import type { CookieJar } from './cookie-jar.js';

/** The cookies of all requests of this process, whatever their login. They are in memory only. */
export interface Cookies {
  /** Returns the `cookie` header of a request; undefined if there is none. */
  headerFor(url: URL): string | undefined;
  /** Keeps what a reply sets. */
  keep(url: URL, headers: ReplyHeaders): Promise<void>;
}

/** Loads the jar with the first cookie. */
export function createCookies(clock: Clock): Cookies {
  let jar: CookieJar | undefined;
  return {
    headerFor: (url) => (jar && hasCookies(url) ? jar.headerFor(url) : undefined),
    async keep(url, { 'set-cookie': lines }) {
      if (lines === undefined || !hasCookies(url)) return;
      const { createCookieJar } = await import('./cookie-jar.js');
      jar ??= createCookieJar(clock);
      jar.keep(url, [lines].flat());
    },
  };
}

/** Returns whether cookies are kept for this host and sent to it: the hosts of ChatGPT, on any port. */
function hasCookies({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'https:' &&
    (/(^|\.)chatgpt\.com$/.test(hostname) || ['chat.openai.com', 'chatgpt-staging.com'].includes(hostname))
  );
}
