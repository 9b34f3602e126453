import { parseArgs } from 'node:util';
import { isAnythingStored } from '../../auth/create-auth.js';
import { CodexHomeError } from '../../config/codex-home.js';
import { systemClock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { safeLine } from '../../util/text/safe-text.js';
import { codexHomeOf } from '../environment.js';
import type { LogoutIo } from '../io.js';
import { withOwnServices } from '../in-process/own-services.js';
import { printAll } from '../terminal/print.js';
import { textStyleFor } from '../terminal/text-style.js';
import { wrapped } from '../terminal/wrapped-text.js';
import { wrongUse } from '../wrong-use.js';
import { settingsAt } from './settings.js';

const helpText = `Usage: codex-account-server logout

Revokes the stored login and deletes it. If it cannot be revoked, it is
deleted all the same, and a line says so. All messages go to stderr.

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
    const problem = await signOut(io);
    writeLine(wasStored ? 'Successfully logged out' : 'Not logged in');
    if (wasStored) writeLine('codex is signed out too, if it uses this CODEX_HOME.');
    if (problem !== undefined) {
      const { columns } = textStyleFor(io.stderr, io.env);
      for (const line of wrapped(notRevoked(safeLine(problem)), columns)) writeLine(line);
    }
    return 0;
  } catch (error) {
    const what = error instanceof CodexHomeError ? 'Error' : 'Error logging out';
    writeLine(`${what}: ${safeLine((error as Error).message)}`);
    return 1;
  }
}

/**
 * Signs out in this process. A stop request ends the wait for the issuer, not the logout. Resolves with the reason if the
 * login was to be revoked, but was not.
 *
 * @throws AppError `logout failed: …`
 */
function signOut({ env, stderr, untilStopped }: LogoutIo): Promise<string | undefined> {
  const stop = new AbortController();
  void untilStopped().then(() => stop.abort(new AppError('cancelled', 'interrupted')));
  const writeLog = (line: string): void => {
    stderr.write(line);
  };
  const options = { environment: env, clock: systemClock, random: Math.random, writeLog };
  return withOwnServices(options, async ({ auth, limits }) => {
    const problem = await auth.signOut(stop.signal, { removesUnreadable: true });
    await limits.invalidate();
    return problem;
  });
}

function notRevoked(problem: string): string {
  return `The login could not be revoked (${problem.replace(/\.$/, '')}): a copy of its tokens stays valid at the issuer until they expire.`;
}
