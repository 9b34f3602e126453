import * as z from 'zod/mini';
import { named } from './documented.js';
import { planTypes } from './plan-types.js';

/** The plan of an account. A plan that is not in the list is `unknown`, so that a new one breaks no client. */
export const PlanType = named(
  'PlanType',
  'The plan of an account. A plan that is not in this list is `unknown`.',
  z.enum(planTypes),
);
export type PlanType = z.infer<typeof PlanType>;
