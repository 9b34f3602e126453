import * as z from 'zod/mini';
import { named } from './documented.js';
import { planTypes } from '../plan-types.js';

/** `unknown` stands for every plan that is not in the list, so that a new plan does not break clients. */
export const PlanType = named(
  'PlanType',
  'The plan of an account. `unknown` stands for every plan that is not in this list.',
  z.enum(planTypes),
);
export type PlanType = z.infer<typeof PlanType>;
