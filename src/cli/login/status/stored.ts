import { silentLog } from '../../../util/log.js';
import type { OfflineIo } from '../../io.js';
import { offlineLogin } from '../../in-process/offline-login.js';
import { cannotWrite, print } from '../../terminal/print.js';
import type { StatusChoice } from './choice.js';

/**
 * Shows a stored login with ChatGPT as `showLoginStatus` does, without the code for any other login. Resolves with the
 * exit code; with undefined for any other login.
 *
 * @throws as `offlineLogin`
 */
export async function showStoredStatus(choice: StatusChoice, io: OfflineIo): Promise<number | undefined> {
  // The program meets the same problems, and reports them.
  const found = await offlineLogin(io, silentLog);
  if (!found) return undefined;
  const { login, place } = found;
  if (!choice.isJson) await print(io.stderr, 'Logged in using ChatGPT\n');
  const { isVerbose, isJson } = choice;
  if (!isVerbose && !isJson && io.stdout.isTTY !== true) return 0;
  const { showDetails } = await import('./show.js');
  try {
    await showDetails({ login, place: await place() }, { isJson }, io);
    return 0;
  } catch (error) {
    await print(io.stderr, cannotWrite('login status', error));
    return 1;
  }
}
