import { PlanType } from '../protocol/plan-type.js';

/** The plan as the protocol spells it; every text it does not know is `unknown`. Case counts. */
export function planTypeFromWire(text: string | null): PlanType {
  if (text === 'education') return 'edu';
  const known = PlanType.safeParse(text);
  return known.success ? known.data : 'unknown';
}
