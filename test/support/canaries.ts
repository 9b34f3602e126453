import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The prefixes of the tokens, keys and e-mail addresses of the tests, and those of the dev home. */
const secrets = /canary[-@][\w.-]*|refresh-dev|sk-dev|dev@example\.com/;

/** The files that hold a login. */
const loginFiles = new Set(['auth.json']);

/**
 * Throws if the output of a server contains a secret: in its log, or in an answer outside the fields for it.
 */
export function requireNoSecrets(output: { lines: readonly string[]; log: string }): void {
  const answers = output.lines.map(withoutCarriers).join('\n');
  requireNone('the log', output.log);
  requireNone('an answer', answers);
}

/** Throws if a file in the folder contains a secret, except that of the login. */
export function requireNoSecretsIn(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !loginFiles.has(basename(path))) requireNone(path, readFileSync(path, 'utf8'));
  }
}

function requireNone(place: string, text: string): void {
  const found = secrets.exec(text)?.[0];
  if (found !== undefined) throw new Error(`a secret stands in ${place}: ${found.slice(0, 9)}…`);
}

/** `getAuthStatus` returns the token, `account/read` and the list of sessions the e-mail address. */
function withoutCarriers(line: string): string {
  return line
    .replace(/"authToken":"[^"]*"/, '"authToken":""')
    .replace(/("sessionId":"[^"]*",)"email":"[^"]*"/, '$1"email":""')
    .replace(/"account":\{"type":"chatgpt","email":"[^"]*"/, '"account":{"type":"chatgpt","email":""');
}
