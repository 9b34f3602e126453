import { buffer } from 'node:stream/consumers';
import type { LoginIo } from './io.js';

/** The API key on stdin, without the end of its line; null, after a word about it, where there is none. */
export async function readKey(stdin: LoginIo['stdin'], say: (line: string) => void): Promise<string | null> {
  if (stdin.isTTY) {
    // A key that is typed would stay on the screen, and one on the command line in the history.
    say(
      '--with-api-key expects the API key on stdin. Try piping it, e.g. `printenv OPENAI_API_KEY | codex-account-server login --with-api-key`.',
    );
    return null;
  }
  say('Reading API key from stdin...');
  const key = (await buffer(stdin)).toString('utf8').replace(/\r?\n$/, '');
  if (key !== '') return key;
  say('No API key provided via stdin.');
  return null;
}
