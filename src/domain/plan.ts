import type { PlanType } from '../protocol/schema/plan-type.js';
import { planTypes } from '../protocol/plan-types.js';

/** Returns the plan in the protocol's spelling, `unknown` for any other text. Upper and lower case differ. */
export function planTypeFromWire(text: string | null): PlanType {
  if (text === 'education') return 'edu';
  return planTypes.find((plan) => plan === text) ?? 'unknown';
}
