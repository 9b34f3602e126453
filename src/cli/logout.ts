import { parseArgs } from 'node:util';
import { isAnythingStored } from '../auth/create-auth.js';
import { CodexHomeError } from '../config/codex-home.js';
import { serverIdentity } from './identity.js';
import type { LogoutIo } from './io.js';
import { withOwnServer } from './own-server.js';
import { settingsAt } from './stored-login.js';
import { printAll } from './print.js';
import { systemClock } from '../util/clock.js';
import { wrongUse } from './wrong-use.js';

const usage = `Usage: codex-account-server logout

Revokes the login and takes it away. All texts go to stderr. Exit codes: 0 nobody is
signed in any more; 1 it could not be taken away; 2 wrong use.
`;

/** Signs out, with the texts of codex. Resolves with the exit code. */
export async function runLogout(args: readonly string[], io: LogoutIo): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } });
    if (values.help) return await printAll('logout', usage, io);
  } catch (error) {
    io.stderr.write(wrongUse('logout', error));
    return 2;
  }
  const say = (line: string): void => {
    io.stderr.write(`${line}\n`);
  };
  try {
    const { codexHome } = serverIdentity(io.env);
    const settings = await settingsAt(codexHome);
    const store = { codexHome, settings, clock: systemClock, random: Math.random };
    const wasStored = await isAnythingStored(store);
    await withOwnServer(io.env, (connection) => connection.request('account/logout', {}));
    say(wasStored ? 'Successfully logged out' : 'Not logged in');
    return 0;
  } catch (error) {
    say(`${error instanceof CodexHomeError ? 'Error' : 'Error logging out'}: ${(error as Error).message}`);
    return 1;
  }
}
