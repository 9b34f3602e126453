import { parseArgs } from 'node:util';
import { isAnythingStored } from '../../auth/create-auth.js';
import { CodexHomeError } from '../../config/codex-home.js';
import { createCommandClient } from '../command-client.js';
import { codexHomeOf } from '../environment.js';
import type { LogoutIo } from '../io.js';
import { settingsAt } from './settings.js';
import { printAll } from '../terminal/print.js';
import { systemClock } from '../../util/clock.js';
import { safeLine } from '../../util/safe-text.js';
import { wrongUse } from '../wrong-use.js';

const helpText = `Usage: codex-account-server logout

Revokes the stored login and deletes it. All messages go to stderr.

Exit codes: 0 no one is signed in any more; 1 the login could not be deleted;
2 wrong usage.
`;

/** Signs out, with the texts of codex. Resolves with the exit code. */
export async function runLogout(args: readonly string[], io: LogoutIo): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } });
    if (values.help) return await printAll('logout', helpText, io);
  } catch (error) {
    io.stderr.write(wrongUse('logout', error));
    return 2;
  }
  const writeLine = (line: string): void => {
    io.stderr.write(`${line}\n`);
  };
  try {
    const codexHome = codexHomeOf(io.env);
    const settings = await settingsAt(codexHome);
    const store = { codexHome, settings, clock: systemClock, random: Math.random };
    const wasStored = await isAnythingStored(store);
    const client = createCommandClient(io.serverEnv, { timeoutMs: Infinity });
    await client.request('account/logout').finally(() => client.close());
    writeLine(wasStored ? 'Successfully logged out' : 'Not logged in');
    if (wasStored) writeLine('codex is signed out too, if it uses this CODEX_HOME.');
    return 0;
  } catch (error) {
    const what = error instanceof CodexHomeError ? 'Error' : 'Error logging out';
    writeLine(`${what}: ${safeLine((error as Error).message)}`);
    return 1;
  }
}
