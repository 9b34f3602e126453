import * as z from 'zod/mini';
import { described, named } from './documented.js';

const DesktopOnboardingEntrypoint = named(
  'DesktopOnboardingEntrypoint',
  'Where a desktop app begins with somebody new.',
  z.enum(['life_sciences']),
);

export const AccountLoginCompletedNotification = named(
  'AccountLoginCompletedNotification',
  'A login has ended; after a success `account/updated` follows.',
  z.object({
    loginId: described(
      'As `account/login/start` answered it; null where it gave none.',
      z.nullable(z.string()),
    ),
    success: described('Whether the login is stored.', z.boolean()),
    error: described('Why it failed, for people.', z.nullable(z.string())),
    onboardingEntrypoint: described('Always null.', z.nullable(DesktopOnboardingEntrypoint)),
  }),
);
export type AccountLoginCompletedNotification = z.infer<typeof AccountLoginCompletedNotification>;
