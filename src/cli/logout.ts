import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { CodexHomeError } from '../config/codex-home.js';
import { serverIdentity } from './environment.js';
import { withOwnServer } from './own-server.js';
import { storeAt } from './stored-login.js';
import { printAll } from './print.js';
import { wrongUse } from './wrong-use.js';

const usage = `Usage: codex-account-server logout

Revokes the login and takes it away. All texts go to stderr. Exit codes: 0 nobody is
signed in any more; 1 it could not be taken away; 2 wrong use.
`;

/** Signs out, with the texts of codex. Resolves with the exit code. */
export async function runLogout(
  args: readonly string[],
  io: { stdout: Writable; stderr: Writable; env: NodeJS.ProcessEnv },
): Promise<number> {
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
    const content = await (await storeAt(codexHome)).read();
    await withOwnServer(io.env, (connection) => connection.request('account/logout', {}));
    say(content.kind === 'absent' ? 'Not logged in' : 'Successfully logged out');
    return 0;
  } catch (error) {
    say(`${error instanceof CodexHomeError ? 'Error' : 'Error logging out'}: ${(error as Error).message}`);
    return 1;
  }
}
