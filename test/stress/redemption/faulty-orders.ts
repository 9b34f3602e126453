import { setTimeout as pause } from 'node:timers/promises';
import { type FaultName, faults } from './faults.js';
import type { Plan, PlannedFault } from './plan.js';
import type { Redeemer, Report } from './redeemer.js';
import type { Scene } from './scene.js';
import { createTurns } from './turns.js';

/** How often an action without faults uses the clock. */
export interface UsualUses {
  readonly read: number;
  readonly redeem: number;
}

/** Has the processes of a round read and redeem while the faults of its plan come. */
export interface FaultyOrders {
  order(process: 0 | 1, during: 'read' | 'redeem', given?: object): Promise<Report>;
  /** Resolves when the action of a process takes its first turn or ends. */
  nextTurn(process: 0 | 1): Promise<void>;
  /** Lets the processes go on that a fault has stopped. */
  continueStopped(): void;
  readonly injected: readonly FaultName[];
}

/** How long a process stays stopped: longer than the other one waits for the lock. */
const stoppedLimitMs = 1_500;

const hungLimitMs = 60_000;

export function createFaultyOrders(
  scene: Scene,
  clients: readonly [Redeemer, Redeemer],
  { faults: planned, turns: plannedTurns }: Plan,
  usual: UsualUses,
): FaultyOrders {
  const turns = createTurns();
  const stopped = new Set<Redeemer>();
  const injected: FaultName[] = [];

  function inject({ name, process, value }: PlannedFault): void {
    injected.push(name);
    faults[name].apply({ scene, redeemer: clients[process], stopped }, value);
    if (stopped.size > 0) setTimeout(continueStopped, stoppedLimitMs);
  }

  function continueStopped(): void {
    for (const redeemer of stopped) redeemer.continue();
    stopped.clear();
  }

  /** Waits for a report. Kills a process that hangs. */
  async function withinLimits(redeemer: Redeemer, work: Promise<Report>): Promise<Report> {
    const done = new AbortController();
    const late = async (): Promise<Report> => {
      await pause(hungLimitMs, undefined, { signal: done.signal });
      redeemer.kill();
      return { error: 'hangs', uses: 0 };
    };
    try {
      return await Promise.race([work, late()]);
    } finally {
      done.abort();
    }
  }

  return {
    injected,
    continueStopped,
    nextTurn: turns.next,
    async order(process, during, given = {}) {
      const redeemer = clients[process];
      const pending = new Set(planned.filter((each) => each.process === process && each.during === during));
      const useOf = (at: number): number => 1 + Math.floor(at * usual[during]);
      const places = [...pending].map(({ at }) => at).filter((at) => typeof at === 'number');
      const ownTurns = during === 'redeem' ? plannedTurns[process].map(useOf) : [];
      const injectAt = (isDue: (at: PlannedFault['at']) => boolean): void => {
        for (const fault of pending) {
          if (!isDue(fault.at)) continue;
          pending.delete(fault);
          inject(fault);
        }
      };
      const onConsume = (place: 'received' | 'carriedOut'): void => injectAt((at) => at === place);
      redeemer.onStop = async (use) => {
        injectAt((at) => typeof at === 'number' && useOf(at) === use);
        if (ownTurns.includes(use)) await turns.pass(process);
      };
      injectAt((at) => at === 'before');
      scene.consumeListeners.add(onConsume);
      turns.begin(process);
      const report = await withinLimits(
        redeemer,
        redeemer.order(during, given, [...places.map(useOf), ...ownTurns]),
      );
      turns.end(process);
      scene.consumeListeners.delete(onConsume);
      return report;
    },
  };
}
