import type { LimitsReader } from '../../../handlers/limits/limits-reader.js';
import type { FoundRead } from '../../../snapshot/read-through.js';
import type { UsageIo } from '../../io.js';
import { homeFailure } from './failure.js';
import type { HomeState } from './groups.js';
import { accountOf, type OpenHome, withHomes } from './open.js';
import { createSharedReads } from './shared-reads.js';

/** Reads each home once, all at the same time. A failure is in the state of its home. */
export function readHomes(
  paths: readonly string[],
  io: Pick<UsageIo, 'env' | 'clock' | 'random' | 'stderr'>,
  read: (limits: LimitsReader) => Promise<FoundRead>,
): Promise<HomeState[]> {
  const { clock, stderr } = io;
  const shared = createSharedReads(() => clock.nowMs());
  const writeLog = (line: string): void => void stderr.write(line);

  async function stateOf(home: OpenHome, account: string | undefined): Promise<HomeState> {
    const { names, services, problem } = home;
    const common = { names, account, sequence: 0 };
    try {
      if (!services) throw problem as Error;
      const {
        answer,
        readAtMs: atMs,
        isCached,
      } = await shared.read(account, Infinity, () => read(services.limits));
      const state = { read: { limits: answer, settled: answer, atMs, isCached }, failure: undefined };
      return { ...common, state };
    } catch (error) {
      return { ...common, state: { read: undefined, failure: homeFailure(error, names[0], clock.nowMs()) } };
    }
  }

  return withHomes(paths, { ...io, writeLog }, async (homes) => {
    const accounts = await Promise.all(homes.map(accountOf));
    return Promise.all(homes.map((home, index) => stateOf(home, accounts[index])));
  });
}
