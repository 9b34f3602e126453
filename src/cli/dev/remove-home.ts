import type { DevHome } from '../../dev-backend/home.js';
import type { Clock } from '../../util/clock.js';
import { pause } from '../../util/waiting.js';
import type { OutputStream } from '../io.js';

const mostAttempts = 20;
const pauseMs = 100;

/**
 * Removes a dev home. That fails while another program writes into it, so it is tried again for two seconds. If that
 * does not help, a line on stderr names the folder that stays.
 *
 * @param command the command that was typed
 */
export async function removeHome(
  home: DevHome,
  command: string,
  { clock, stderr }: { readonly clock: Clock; readonly stderr: OutputStream },
): Promise<void> {
  for (let count = 1; ; count += 1) {
    try {
      home.remove();
      return;
    } catch (error) {
      if (count === mostAttempts) {
        const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
        stderr.write(
          `codex-account-server ${command}: the folder ${home.path} cannot be removed (${code}): a program may still use it. End that program, then remove the folder.\n`,
        );
        return;
      }
    }
    await pause(clock, pauseMs);
  }
}
