import type { PlanType } from '../protocol/schema/plan-type.js';
import { planTypes } from '../protocol/plan-types.js';

/** The plan as the protocol spells it; every text it does not know is `unknown`. Case counts. */
export function planTypeFromWire(text: string | null): PlanType {
  if (text === 'education') return 'edu';
  return planTypes.find((plan) => plan === text) ?? 'unknown';
}
