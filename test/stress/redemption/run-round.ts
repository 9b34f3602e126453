import type { UserOfAccount } from '../../../src/dev-backend/identity.js';
import { checkRound, type Violation } from './check-round.js';
import { endRound, reportText } from './end-round.js';
import { createFaultyOrders, type FaultyOrders, type UsualUses } from './faulty-orders.js';
import type { FaultName } from './faults.js';
import type { Lane } from './lane.js';
import type { Plan } from './plan.js';
import type { Redeemer, Report } from './redeemer.js';
import { createScene, type Scene, users } from './scene.js';

export interface RoundResult {
  readonly violations: readonly Violation[];
  readonly injected: readonly FaultName[];
  /** How the redemptions of both processes, and the end of the attempts, went. */
  readonly first: string;
  readonly second: string;
  readonly ends: readonly string[];
  readonly spent: number;
  readonly uses: UsualUses;
}

/** Runs a round: a read, two redemptions that are based on it, the end of the faults, and the checks. */
export async function runRound(plan: Plan, lane: Lane, usual: UsualUses): Promise<RoundResult> {
  const scene = await createScene(lane);
  const second = plan.isLinked ? 2 : 1;
  const clients = [await lane.client(0), await lane.client(second)] as const;
  const orders = createFaultyOrders(scene, clients, plan, usual);
  try {
    const { basedOn, wisher, uses } = await read(scene, orders, clients[0]);
    const reports = await redeemBoth(orders, plan, { basedOn, verifyForMs: 0 });
    orders.continueStopped();
    const last = plan.isLinked ? [await lane.client(0), await lane.client(2)] : [await lane.client(1)];
    const end = await endRound({ scene, clients: last, basedOn, wisher });
    const { injected } = orders;
    return {
      violations: checkRound({ scene, wisher, reports, end, injected }),
      injected,
      first: reportText(reports[0]),
      second: reportText(reports[1]),
      ends: end.texts,
      spent: scene.spent(),
      uses: { read: uses, redeem: reports[0].uses },
    };
  } finally {
    orders.continueStopped();
    if (orders.injected.includes('serverKilled')) {
      // Servers that are killed often would be taken for ones that cannot start.
      lane.renew(0);
      lane.renew(second);
    }
    await scene.close();
  }
}

/** Reads the limits. If a fault prevents it, the owner signs in and reads again. */
async function read(
  scene: Scene,
  orders: FaultyOrders,
  client: Redeemer,
): Promise<{ basedOn: unknown; wisher: UserOfAccount; uses: number }> {
  let report = await orders.order(0, 'read');
  if (report.error !== undefined) {
    scene.signIn(users.owner);
    report = await client.order('read');
  }
  return { basedOn: report.result, wisher: scene.lastReader() ?? users.owner, uses: report.uses };
}

async function redeemBoth(orders: FaultyOrders, { isRace }: Plan, given: object): Promise<[Report, Report]> {
  const first = orders.order(0, 'redeem', given);
  await (isRace ? orders.nextTurn(0) : first);
  const second = orders.order(1, 'redeem', given);
  return Promise.all([first, second]);
}
