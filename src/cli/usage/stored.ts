import type { FoundRead } from '../../snapshot/read-through.js';
import { createSnapshotStore } from '../../snapshot/store.js';
import type { Clock } from '../../util/clock.js';
import { commandLogLevel, createLog } from '../../util/log.js';
import { codexHomeOf } from '../environment.js';
import type { OfflineIo } from '../io.js';
import { offlineLogin } from '../offline-login.js';
import { cannotWrite, print } from '../terminal/print.js';
import { warnAboutTimeZone } from '../terminal/time-zone-warning.js';
import type { UsageChoice } from './arguments.js';
import { showUsage } from './show.js';

/**
 * Shows the stored read that `--cached` or `--max-age` asks for, without the code that sends requests. Resolves with the
 * exit code.
 *
 * @returns undefined, before anything is written, if there is no such read: `runUsage` reads the limits then
 * @throws as `findStored`
 */
export async function showStoredUsage(choice: UsageChoice, io: OfflineIo): Promise<number | undefined> {
  const { output, isWatching, isCachedOnly, keptLine } = choice;
  const maxAgeMs = choice.maxAgeMs ?? (isCachedOnly ? Infinity : 0);
  // The program keeps lines.
  if (isWatching || keptLine || maxAgeMs === 0) return undefined;
  let log = '';
  const found = await findStored(maxAgeMs, io.env, io.clock, (line) => {
    log += line;
  });
  if (!found) return undefined;
  const { answer, readAtMs: atMs, isCached } = found;
  const read = { limits: answer, settled: answer, atMs, isCached };
  try {
    if (log !== '') await print(io.stderr, log);
    if (output.kind !== 'json') warnAboutTimeZone(io);
    return await showUsage({ read, failure: undefined }, output, io);
  } catch (error) {
    await print(io.stderr, cannotWrite('usage', error));
    return 1;
  }
}

/** Finds a stored read of the limits of the login in use. @throws Error if the login or the settings cannot be used */
async function findStored(
  maxAgeMs: number,
  environment: NodeJS.ProcessEnv,
  clock: Clock,
  write: (line: string) => void,
): Promise<FoundRead | undefined> {
  const nowMs = (): number => clock.nowMs();
  const askedAtMs = nowMs();
  const log = createLog({ level: commandLogLevel(environment.RUST_LOG), nowMs, write });
  const login = await offlineLogin({ env: environment, clock }, log);
  if (!login?.account) return undefined;
  const key = { ...login.account, supportsLunaReserve: false };
  const found = createSnapshotStore({ codexHome: codexHomeOf(environment), nowMs, log }).find(key, {
    maxAgeMs,
    askedAtMs,
    withResetCredits: true,
  });
  return found && { answer: found.answer, readAtMs: found.readAtMs, isCached: true };
}
