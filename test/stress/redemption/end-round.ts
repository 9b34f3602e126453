import type { Redemption } from '../../../src/client/record/redemption.js';
import { claimOf, pendingLimitMs } from '../../../src/client/record/state.js';
import { isSameIdentity, type UserOfAccount } from '../../../src/dev-backend/identity.js';
import type { Action, Redeemer, Report } from './redeemer.js';
import { type Scene, users } from './scene.js';

export interface RoundEnd {
  /** How the attempts ended, for the figures. */
  readonly texts: readonly string[];
  /** The attempts that neither a repetition nor a request to abandon them has ended. */
  readonly unended: readonly Redemption[];
  /** The result of another redemption with the same basis. */
  readonly again: Report;
  /** The credits that were used until then. */
  readonly spentByWish: number;
  /** The result of a new redemption, after an attempt was abandoned. */
  readonly afterAbandoned: Report | null;
}

export interface EndOptions {
  readonly scene: Scene;
  /** One for each home. */
  readonly clients: readonly Redeemer[];
  readonly basedOn: unknown;
  /** Whose limits the redemption is based on. */
  readonly wisher: UserOfAccount;
}

const minuteMs = 60_000;

/** How often the lock is tried. Each time the process waits for it, for 1 s. */
const freeLimit = 10;

/** The times at which an attempt is abandoned. */
const abandonAfterMs = [16 * minuteMs, pendingLimitMs + minuteMs];

/** Ends the open attempts, redeems again for the same wish, and if an attempt was abandoned, for a new one. */
export async function endRound({ scene, clients, basedOn, wisher }: EndOptions): Promise<RoundEnd> {
  const texts: string[] = [];
  const unended: Redemption[] = [];
  for (const client of clients) {
    for (const attempt of await openAttempts(client))
      texts.push(await endAttempt(scene, client, attempt, wisher));
    unended.push(...(await openAttempts(client)));
  }
  scene.moveClock(0);
  scene.signIn(wisher);
  const [client] = clients;
  if (!client) throw new Error('a round has a home');
  const again = await whenFree(client, 'redeem', { basedOn, verifyForMs: 0 });
  const spentByWish = scene.spent();
  const isAbandoned = texts.some((text) => text.startsWith('abandoned'));
  return {
    texts,
    unended,
    again,
    spentByWish,
    afterAbandoned: isAbandoned ? await redeemAnew(client) : null,
  };
}

/** Has the owner of the attempt sign in, repeats the attempt, and abandons it if it stays open. */
async function endAttempt(
  scene: Scene,
  client: Redeemer,
  { key, account }: Redemption,
  wisher: UserOfAccount,
): Promise<string> {
  const isOpen = async (): Promise<boolean> => (await openAttempts(client)).some((each) => each.key === key);
  const owner = { ...account, userId: account.userId ?? wisher.userId };
  scene.moveClock(0);
  scene.signIn(Object.values(users).find((each) => isSameIdentity(each, owner)) ?? wisher);
  const resumed = await whenFree(client, 'resume', { verifyForMs: 0 });
  if (!(await isOpen())) return `resumed: ${reportText(resumed)}`;
  const reports = [resumed];
  let ageMs = 0;
  for (const afterMs of abandonAfterMs) {
    scene.moveClock(afterMs);
    await client.order('skip', { timeMs: afterMs - ageMs });
    ageMs = afterMs;
    reports.push(await whenFree(client, 'abandon', { reason: 'the round is over' }));
    if (!(await isOpen())) return `abandoned after ${afterMs / minuteMs} minutes`;
  }
  return `open: ${reports.map(reportText).join(', ')}`;
}

/** Repeats an order while the lock is not free: a killed process has not ended yet, or the machine is busy. */
async function whenFree(client: Redeemer, action: Action, given: object): Promise<Report> {
  for (let count = 1; ; count += 1) {
    const report = await client.order(action, given);
    if (report.error !== 'anotherIsOpen' || count === freeLimit) return report;
  }
}

async function openAttempts(client: Redeemer): Promise<Redemption[]> {
  const { result } = await client.order('list');
  const all = (result ?? []) as Redemption[];
  return all.filter((each) => ['repeat', 'finish'].includes(claimOf(each, Date.now())));
}

async function redeemAnew(client: Redeemer): Promise<Report> {
  const { result: basedOn } = await client.order('read');
  return whenFree(client, 'redeem', { basedOn, verifyForMs: 0, force: true });
}

export function reportText({ result, error }: Report): string {
  return error ?? String(result);
}
