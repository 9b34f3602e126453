import * as z from 'zod/mini';
import { described, int64, named } from './documented.js';
import { RateLimitSnapshot } from './rate-limits.js';

// The methods are ours; the notification is the reference's.

export const WatchAccountRateLimitsParams = named(
  'WatchAccountRateLimitsParams',
  'Parameters of `account/rateLimits/watch`.',
  z.object({
    intervalSecs: described(
      'How often to read, in seconds; 60 unless given. Brought within 15 and 3600.',
      z.nullish(int64()),
    ),
  }),
);
export type WatchAccountRateLimitsParams = z.infer<typeof WatchAccountRateLimitsParams>;

export const WatchAccountRateLimitsResponse = named(
  'WatchAccountRateLimitsResponse',
  'The watch has begun, or goes on with another interval.',
  z.object({ intervalSecs: described('The interval that is kept, in seconds.', int64()) }),
);
export type WatchAccountRateLimitsResponse = z.infer<typeof WatchAccountRateLimitsResponse>;

export const UnwatchAccountRateLimitsResponse = named(
  'UnwatchAccountRateLimitsResponse',
  'Nothing is watched any more.',
  z.object({}),
);
export type UnwatchAccountRateLimitsResponse = z.infer<typeof UnwatchAccountRateLimitsResponse>;

export const AccountRateLimitsUpdatedNotification = named(
  'AccountRateLimitsUpdatedNotification',
  'A limit has changed while it was watched; the snapshot is complete.',
  z.object({ rateLimits: RateLimitSnapshot }),
);
