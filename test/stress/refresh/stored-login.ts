import { readFileSync } from 'node:fs';

interface Stored {
  readonly extra?: unknown;
  readonly tokens: { readonly refresh_token: string; readonly extra?: unknown };
}

/** Reads auth.json. @throws SyntaxError if it is not JSON */
export function storedLogin(authPath: string): Stored {
  return JSON.parse(readFileSync(authPath, 'utf8')) as Stored;
}
