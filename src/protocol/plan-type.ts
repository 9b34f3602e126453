import * as z from 'zod/mini';
import { named } from './documented.js';

/** The plan of an account. A plan that is not in the list is `unknown`, so that a new one breaks no client. */
export const PlanType = named(
  'PlanType',
  'The plan of an account. A plan that is not in this list is `unknown`.',
  z.enum([
    'free',
    'go',
    'plus',
    'pro',
    'prolite',
    'promax',
    'team',
    'self_serve_business_prolite',
    'self_serve_business_usage_based',
    'business',
    'ent26',
    'enterprise_cbp_automation',
    'enterprise_cbp_usage_based',
    'enterprise',
    'edu',
    'edu_plus',
    'edu_pro',
    'sci',
    'sci_plus',
    'unknown',
  ]),
);
export type PlanType = z.infer<typeof PlanType>;
