import { createLog } from '../../util/log.js';
import type { OfflineIo } from '../io.js';
import { offlineLogin } from '../offline-login.js';
import { print } from '../terminal/print.js';

/**
 * Shows a stored login with ChatGPT as `showLoginStatus` does, without the code for any other login. Resolves with the
 * exit code; with undefined for any other login.
 *
 * @throws as `offlineLogin`
 */
export async function showStoredStatus(io: OfflineIo): Promise<number | undefined> {
  // The program meets the same problems, and reports them.
  const log = createLog({ level: 'off', nowMs: () => io.clock.nowMs(), write: () => undefined });
  if (!(await offlineLogin(io, log))) return undefined;
  await print(io.stderr, 'Logged in using ChatGPT\n');
  return 0;
}
