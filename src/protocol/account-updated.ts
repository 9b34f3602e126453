import * as z from 'zod/mini';
import { AuthMode } from './account.js';
import { described, named } from './documented.js';
import { PlanType } from './plan-type.js';

export const AccountUpdatedNotification = named(
  'AccountUpdatedNotification',
  'Who is signed in has changed: by a login, a logout, or another program.',
  z.object({
    authMode: described('Null when nobody is signed in.', z.nullable(AuthMode)),
    planType: described('The plan in the login; null without a ChatGPT login.', z.nullable(PlanType)),
  }),
);
export type AccountUpdatedNotification = z.infer<typeof AccountUpdatedNotification>;
