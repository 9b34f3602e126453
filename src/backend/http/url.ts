import { AppError } from '../../util/errors.js';

/** The URL that a request goes to. */
export interface Target {
  /** The URL as error messages show it, not re-encoded. */
  readonly text: string;
  /** Parses the URL, once. @throws AppError as `parseHttpUrl` */
  readonly url: () => URL;
}

export function createTarget(text: string): Target {
  let url: URL | undefined;
  return { text, url: () => (url ??= parseHttpUrl(text)) };
}

/**
 * Parses a URL and removes its user and password: they are not sent.
 *
 * @throws AppError `configInvalid` if the text is not a URL, or its protocol is neither http nor https
 */
export function parseHttpUrl(text: string): URL {
  if (!URL.canParse(text)) throw new AppError('configInvalid', 'builder error');
  const url = new URL(text);
  url.username = '';
  url.password = '';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('configInvalid', `builder error for url (${url.href})`);
  }
  return url;
}
