import type { OfflineIo } from '../../io.js';
import { cannotWrite, print } from '../../terminal/print.js';
import { warnAboutTimeZone } from '../../terminal/time-zone-warning.js';
import type { UsageChoice } from '../arguments.js';
import { storedAgeMs, storedReads } from '../stored.js';
import { accountKey, groupHomes, type HomeState } from './groups.js';
import { folderOf, homeEnvironment, namedHomes, type NamedHome, warnAboutLogin } from './named.js';
import { showHomes } from './output.js';

/**
 * Shows the stored reads of all homes, as `showStoredUsage` does for one without `--home`.
 *
 * @returns undefined, before anything is written, if one of them has no such read
 * @throws as `findStored`
 */
export async function showStoredHomes(choice: UsageChoice, io: OfflineIo): Promise<number | undefined> {
  const maxAgeMs = storedAgeMs(choice);
  if (choice.isWatching || maxAgeMs === 0) return undefined;
  const { clock, serverEnv: env } = io;
  let log = '';
  const homes = new Map<string, HomeState>();
  for (const name of namedHomes(choice.homes ?? [], env)) {
    const folder = folderOf(name, env);
    const known = homes.get(folder);
    if (known) {
      homes.set(folder, withName(known, name));
      continue;
    }
    const stored = await storedReads(await homeEnvironment(folder, env), clock, (line) => {
      log += `${name.label}: ${line}`;
    });
    const found = stored?.find(maxAgeMs);
    if (!stored || !found) return undefined;
    const { answer, readAtMs: atMs, isCached } = found;
    const read = { limits: answer, settled: answer, atMs, isCached };
    const account = accountKey(stored.key);
    homes.set(folder, { names: [name], account, sequence: atMs, state: { read, failure: undefined } });
  }
  try {
    if (log !== '') await print(io.stderr, log);
    await warnAboutLogin(env, io.stderr);
    if (choice.output.kind !== 'json') warnAboutTimeZone({ env, stderr: io.stderr });
    const { stdout, stderr } = io;
    return await showHomes(groupHomes([...homes.values()]), choice, { stdout, stderr, env, clock });
  } catch (error) {
    await print(io.stderr, cannotWrite('usage', error));
    return 1;
  }
}

function withName(home: HomeState, name: NamedHome): HomeState {
  return { ...home, names: [...home.names, name] };
}
