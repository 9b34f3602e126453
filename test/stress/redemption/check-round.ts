import { isSameIdentity, type UserOfAccount } from '../../../src/dev-backend/identity.js';
import type { RoundEnd } from './end-round.js';
import type { FaultName } from './faults.js';
import type { Report } from './redeemer.js';
import type { Scene } from './scene.js';

/** The violations, by the name under which each is counted. */
export const violationKinds = {
  doubleSpend: 'more than one credit was used for one wish',
  wrongAccount: 'a request went out as another user than the one whose limits were read',
  unended: 'an attempt cannot be ended',
  lost: 'an attempt that was sent is not in the journal',
  journalBroken: 'the journal cannot be read',
  hung: 'a process hangs',
  unexpected: 'a process ended in an unexpected way',
} as const;
export type ViolationKind = keyof typeof violationKinds;

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

/** Compares what the backend has seen with the journals and the reports. */
export function checkRound(round: {
  readonly scene: Scene;
  readonly wisher: UserOfAccount;
  readonly reports: readonly Report[];
  readonly end: RoundEnd;
  readonly injected: readonly FaultName[];
}): Violation[] {
  const { scene, wisher, reports, end, injected } = round;
  const found: Violation[] = [];
  const add = (kind: ViolationKind, detail: string): void => void found.push({ kind, detail });
  const mayBeKilled = injected.includes('clientKilled') || injected.includes('lockHolderKilled');
  const spentLater = scene.spent() - end.spentByWish;
  if (end.spentByWish > 1) add('doubleSpend', `${end.spentByWish} credits`);
  if (spentLater > 1) add('doubleSpend', `${spentLater} credits for a later wish`);
  for (const { user } of scene.consumes()) {
    if (user && isSameIdentity(user, wisher)) continue;
    add('wrongAccount', `sent as ${user?.userId}, read as ${wisher.userId}`);
  }
  for (const { state } of end.unended) add('unended', `it is ${state} (${end.texts.join()})`);
  const keys = journalKeys(scene);
  if (!keys) add('journalBroken', '');
  for (const key of new Set(scene.consumes().map((each) => each.key))) {
    if (keys && !keys.has(key)) add('lost', key);
  }
  for (const { error = '' } of [...reports, end.again, end.afterAbandoned ?? { uses: 0 }]) {
    if (error === 'hangs') add('hung', '');
    else if (error.includes(':') || (error === 'killed' && !mayBeKilled)) add('unexpected', error);
    else if (error.startsWith('journal')) add('journalBroken', error);
  }
  const { afterAbandoned } = end;
  if (afterAbandoned?.error !== undefined)
    add('unexpected', `after it was abandoned: ${afterAbandoned.error}`);
  return found;
}

function journalKeys(scene: Scene): Set<string> | undefined {
  try {
    return new Set(scene.journal().map(({ key }) => key));
  } catch {
    return undefined;
  }
}
