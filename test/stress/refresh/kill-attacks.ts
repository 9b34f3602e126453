import type { FilePlan } from '../../support/files/failing-files.js';

/** How one server is attacked while it refreshes. */
export interface Attack {
  /**
   * `moment`: it is killed at a random moment. `step`: it is killed at a step of the save. `error`: steps of the save
   * fail, and it is killed after its answer. `recovery`: the same, but then the save works again and the server ends.
   */
  readonly kind: 'moment' | 'step' | 'error' | 'recovery';
  /** Whether the attack begins when the issuer has the request, in place of before the request. */
  readonly isLate: boolean;
  readonly plan: FilePlan | undefined;
}

const endless = 1_000_000;

/** @param canFail whether errors can be injected */
export function pickAttack(random: () => number, canFail: boolean): Attack {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const kind = canFail ? pick(['moment', 'step', 'error', 'recovery'] as const) : 'moment';
  const isLate = random() < 0.6;
  if (kind === 'moment') return { kind, isLate, plan: undefined };
  const step = pick(['open', 'write', 'sync', 'rename'] as const);
  const skip = step === 'rename' ? 0 : pick([0, 0, 1, 2]);
  if (kind === 'step') return { kind, isLate, plan: { step, skip, times: 1, error: 'kill' } };
  return {
    kind,
    isLate,
    plan: { step, skip, times: pick([1, 2, endless]), error: pick(['EIO', 'EBUSY'] as const) },
  };
}
