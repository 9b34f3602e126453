import { readFileSync } from 'node:fs';

interface Stored {
  readonly extra?: unknown;
  readonly tokens: { readonly refresh_token: string; readonly extra?: unknown };
}

/** What auth.json holds. Throws where it does not parse. */
export function storedLogin(authPath: string): Stored {
  return JSON.parse(readFileSync(authPath, 'utf8')) as Stored;
}
