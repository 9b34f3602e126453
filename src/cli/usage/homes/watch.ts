import { watchLimits } from '../../../handlers/limits/watch-limits.js';
import type { UsageIo } from '../../io.js';
import type { UsageChoice } from '../arguments.js';
import { readAgain } from '../watch/watch.js';
import { homeFailure } from './failure.js';
import { groupHomes, homesExitCode, type HomeState } from './groups.js';
import { accountOf, type OpenHome, withHomes } from './open.js';
import { createHomesScreen } from './screen.js';
import { createWatchLog } from '../watch/watch-log.js';
import { createWatchPauses, joinedPauses } from '../watch/watch-pause.js';
import { createSharedReads } from './shared-reads.js';

/**
 * Reads and shows the limits of each home, at its own pace, until it is stopped or the output is closed. Resolves with the
 * exit code.
 */
export async function watchHomes(choice: UsageChoice, io: UsageIo, stopped: AbortSignal): Promise<number> {
  const { clock, random, env } = io;
  const outputEnd = new AbortController();
  const end = (): void => outputEnd.abort(new Error('the output is closed'));
  const signal = AbortSignal.any([stopped, outputEnd.signal]);
  const pauses = (choice.homes ?? []).map(() => createWatchPauses(clock, signal, () => screen.refresh()));
  const screen = createHomesScreen(choice.output, io, { pauses: joinedPauses(pauses), signal, end });
  const leaveReader = io.watchReader(end);
  const log = createWatchLog(io);
  const shared = createSharedReads(() => clock.nowMs());
  let states: HomeState[] = [];
  let sequence = 0;

  /** Shows a home with the values that have changed. */
  async function show(index: number, change: Pick<HomeState, 'account'> & Partial<HomeState['state']>) {
    const { account, ...changed } = change;
    sequence += 1;
    states = states.map((home, each) =>
      each === index ? { ...home, account, sequence, state: { ...home.state, ...changed } } : home,
    );
    await screen.show(groupHomes(states), states[index]?.names[0]);
  }

  async function watchHome(home: OpenHome, index: number): Promise<void> {
    const { names, services, problem } = home;
    let account = states[index]?.account;
    const fail = (error: unknown): Promise<void> =>
      show(index, { account, failure: homeFailure(error, names[0], clock.nowMs()) });
    try {
      if (!services) throw problem as Error;
      await watchLimits({
        intervalMs: choice.intervalMs,
        async read(last, maxAgeMs) {
          account = await accountOf(home);
          const own = (): ReturnType<typeof readAgain> => readAgain(last, maxAgeMs, services.limits, signal);
          return shared.read(account, maxAgeMs, own);
        },
        known: { limits: undefined, readAtMs: undefined },
        onRead: ({ answer, readAtMs: atMs, isCached }, { settled }) =>
          show(index, {
            account,
            read: { limits: answer, settled, atMs, isCached },
            failure: undefined,
          }),
        onFailure: fail,
        clock,
        random,
        signal,
        ...(pauses[index] && { pause: pauses[index].pause }),
      });
    } catch (error) {
      if (!signal.aborted) await fail(error);
    }
  }

  try {
    await withHomes(choice.homes ?? [], { env, clock, random, writeLog: log.write }, async (homes) => {
      const accounts = await Promise.all(homes.map(accountOf));
      states = homes.map(({ names }, index) => ({
        names,
        account: accounts[index],
        sequence: 0,
        state: { read: undefined, failure: undefined },
      }));
      await screen.show(groupHomes(states), undefined);
      await Promise.all(homes.map(watchHome));
    });
  } finally {
    leaveReader();
    await screen.close(groupHomes(states));
    await log.close();
  }
  return homesExitCode(groupHomes(states), clock.nowMs(), choice);
}
