import { setTimeout as pause } from 'node:timers/promises';
import type { UserOfAccount } from '../../../src/dev-backend/identity.js';
import { checkRound, type Violation } from './check-round.js';
import { endRound, reportText } from './end-round.js';
import { createTurns } from './turns.js';
import { type FaultName, faults } from './faults.js';
import type { Plan, PlannedFault } from './plan.js';
import type { Lane, ProcessIndex } from './lane.js';
import type { Redeemer, Report } from './redeemer.js';
import { createScene, users } from './scene.js';

/** How often an action without faults uses the clock. */
export interface UsualUses {
  readonly read: number;
  readonly redeem: number;
}

export interface RoundResult {
  readonly violations: readonly Violation[];
  readonly injected: readonly FaultName[];
  /** How the redemptions of both processes, and the end of the attempt, went. */
  readonly first: string;
  readonly second: string;
  readonly ends: readonly string[];
  readonly spent: number;
  /** How many processes had to wait until a process that was stopped went on. */
  readonly waited: number;
  readonly uses: UsualUses;
}

/** How long a process may wait for another one that a fault has stopped. */
const stoppedLimitMs = 1_000;

const hungLimitMs = 60_000;

export async function runRound(plan: Plan, lane: Lane, usual: UsualUses): Promise<RoundResult> {
  const scene = await createScene(lane);
  const indexes = [0, plan.isLinked ? 2 : 1] as const;
  const clients: Redeemer[] = [];
  const stopped = new Set<Redeemer>();
  const injected: FaultName[] = [];
  let waited = 0;
  const turns = createTurns();

  function inject({ name, process, value }: PlannedFault): void {
    injected.push(name);
    faults[name].apply({ scene, redeemer: clientOf(process), stopped }, value);
  }

  function clientOf(process: 0 | 1): Redeemer {
    const client = clients[process];
    if (!client) throw new Error('the client is not open');
    return client;
  }

  function goOnAfterStop(): void {
    for (const redeemer of stopped) redeemer.continue();
    stopped.clear();
  }

  async function order(process: 0 | 1, during: 'read' | 'redeem', given: object): Promise<Report> {
    const own = plan.faults.filter((each) => each.process === process && each.during === during);
    const useOf = (at: number): number => 1 + Math.floor(at * usual[during]);
    const ownTurns = during === 'redeem' ? plan.turns[process].map(useOf) : [];
    const stops = [...own.flatMap(({ at }) => (typeof at === 'number' ? useOf(at) : [])), ...ownTurns];
    const redeemer = clientOf(process);
    for (const fault of own) if (fault.at === 'before') inject(fault);
    const pending = new Set(own);
    const listener = (at: 'received' | 'carriedOut'): void => {
      for (const fault of pending) {
        if (fault.at !== at) continue;
        pending.delete(fault);
        inject(fault);
      }
    };
    scene.consumeListeners.add(listener);
    redeemer.onStop = async (use) => {
      for (const fault of own) if (typeof fault.at === 'number' && useOf(fault.at) === use) inject(fault);
      if (ownTurns.includes(use)) await turns.pass(process);
    };
    turns.begin(process);
    const report = await withinLimits(redeemer.order(during, given, stops));
    turns.end(process);
    scene.consumeListeners.delete(listener);
    return report;
  }

  /** Lets a process that a fault has stopped go on after a while. */
  async function withinLimits(work: Promise<Report>): Promise<Report> {
    const done = new AbortController();
    const late = async (): Promise<Report> => {
      await pause(stoppedLimitMs, undefined, { signal: done.signal });
      if (stopped.size > 0) waited += 1;
      goOnAfterStop();
      await pause(hungLimitMs, undefined, { signal: done.signal });
      return { error: 'hangs', uses: 0 };
    };
    try {
      return await Promise.race([work, late()]);
    } finally {
      done.abort();
    }
  }

  async function read(): Promise<{ basedOn: unknown; wisher: UserOfAccount; uses: number }> {
    let report = await order(0, 'read', {});
    if (report.result === undefined || report.result === null) {
      scene.signIn(users.owner);
      report = await clientOf(0).order('read');
    }
    return { basedOn: report.result, wisher: scene.lastReader() ?? users.owner, uses: report.uses };
  }

  async function redeemBoth(given: object): Promise<[Report, Report]> {
    if (!plan.isRace) return [await order(0, 'redeem', given), await order(1, 'redeem', given)];
    const first = order(0, 'redeem', given);
    await turns.next(0);
    return Promise.all([first, order(1, 'redeem', given)]);
  }

  try {
    clients.push(...(await Promise.all(indexes.map((index) => lane.client(index)))));
    const { basedOn, wisher, uses } = await read();
    const [first, second] = await redeemBoth({ basedOn, verifyForMs: 0 });
    goOnAfterStop();
    const last = await Promise.all(lastIndexes(plan).map((index) => lane.client(index)));
    const end = await endRound({ scene, clients: last, basedOn, wisher });
    return {
      violations: checkRound({ scene, wisher, reports: [first, second], end, injected }),
      injected,
      first: reportText(first),
      second: reportText(second),
      ends: end.texts,
      spent: scene.spent(),
      waited,
      uses: { read: uses, redeem: first.uses },
    };
  } finally {
    goOnAfterStop();
    // Servers that are killed often would be taken for ones that cannot start.
    for (const index of indexes) if (injected.includes('serverKilled')) lane.renew(index);
    await scene.close();
  }
}

/** The processes that end the round: one for each home. */
function lastIndexes({ isLinked }: Plan): ProcessIndex[] {
  return isLinked ? [0, 2] : [1];
}
