import type { SnapshotKey } from '../../snapshot/key.js';
import type { FoundRead } from '../../snapshot/read-through.js';
import { createSnapshotStore } from '../../snapshot/store.js';
import type { Clock } from '../../util/clock.js';
import { commandLogLevel, createLog } from '../../util/log.js';
import { codexHomeOf } from '../environment.js';
import type { OfflineIo } from '../io.js';
import { offlineLogin } from '../in-process/offline-login.js';
import { cannotWrite, print } from '../terminal/print.js';
import { warnAboutTimeZone } from '../terminal/time-zone-warning.js';
import type { UsageChoice } from './arguments.js';
import { showUsage } from './show.js';

/**
 * Shows the stored read that `--cached` or `--max-age` asks for, without the code that sends requests. Resolves with the
 * exit code.
 *
 * @returns undefined, before anything is written, if there is no such read: `runUsage` reads the limits then
 * @throws as `storedReads`
 */
export async function showStoredUsage(choice: UsageChoice, io: OfflineIo): Promise<number | undefined> {
  const { output, isWatching, isWaiting, keptLine } = choice;
  const maxAgeMs = storedAgeMs(choice);
  // The program keeps lines.
  if (isWatching || isWaiting || keptLine || maxAgeMs === 0) return undefined;
  let log = '';
  const stored = await storedReads(io.env, io.clock, (line) => {
    log += line;
  });
  const found = stored?.find(maxAgeMs);
  if (!found) return undefined;
  const { answer, readAtMs: atMs, isCached } = found;
  const read = { limits: answer, settled: answer, atMs, isCached };
  try {
    if (log !== '') await print(io.stderr, log);
    if (output.kind !== 'json') warnAboutTimeZone(io);
    return await showUsage({ read, failure: undefined }, choice, io);
  } catch (error) {
    await print(io.stderr, cannotWrite('usage', error));
    return 1;
  }
}

/** Returns how old a stored read may be; 0 if none is wanted. */
export function storedAgeMs({ maxAgeMs, isCachedOnly }: UsageChoice): number {
  return maxAgeMs ?? (isCachedOnly ? Infinity : 0);
}

/** The stored reads of the login in use. */
export interface StoredReads {
  readonly key: SnapshotKey;
  /** Finds the newest read, if it is not older. `Infinity` takes one of any age. */
  find(maxAgeMs: number): FoundRead | undefined;
}

/**
 * Returns the stored reads of the login in use; undefined if none are kept for it.
 *
 * @throws Error if the login or the settings cannot be used
 */
export async function storedReads(
  environment: NodeJS.ProcessEnv,
  clock: Clock,
  write: (line: string) => void,
): Promise<StoredReads | undefined> {
  const nowMs = (): number => clock.nowMs();
  const askedAtMs = nowMs();
  const log = createLog({ level: commandLogLevel(environment.RUST_LOG), nowMs, write });
  const login = await offlineLogin({ env: environment, clock }, log);
  if (!login?.account) return undefined;
  const key = { ...login.account, supportsLunaReserve: false };
  const store = createSnapshotStore({ codexHome: codexHomeOf(environment), nowMs, log });
  return {
    key,
    find(maxAgeMs) {
      const found = store.find(key, { maxAgeMs, askedAtMs, withResetCredits: true });
      return found && { answer: found.answer, readAtMs: found.readAtMs, isCached: true };
    },
  };
}
