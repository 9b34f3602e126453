import * as z from 'zod/mini';
import { described, int64, named } from './documented.js';
import { RateLimitSnapshot } from './rate-limits.js';

// `watch` and `unwatch` are additions of this server. The notification is part of Codex's protocol.

export const WatchAccountRateLimitsParams = named(
  'WatchAccountRateLimitsParams',
  'Parameters of `account/rateLimits/watch`.',
  z.object({
    intervalSecs: described(
      'The interval between reads, in seconds. Defaults to 60 and is limited to 15 to 3600.',
      z.nullish(int64()),
    ),
  }),
);
export type WatchAccountRateLimitsParams = z.infer<typeof WatchAccountRateLimitsParams>;

export const WatchAccountRateLimitsResponse = named(
  'WatchAccountRateLimitsResponse',
  'The watch has started, or has changed its interval.',
  z.object({ intervalSecs: described('The interval in use, in seconds.', int64()) }),
);
export type WatchAccountRateLimitsResponse = z.infer<typeof WatchAccountRateLimitsResponse>;

export const UnwatchAccountRateLimitsResponse = named(
  'UnwatchAccountRateLimitsResponse',
  'The watch has ended.',
  z.object({}),
);
export type UnwatchAccountRateLimitsResponse = z.infer<typeof UnwatchAccountRateLimitsResponse>;

export const AccountRateLimitsUpdatedNotification = named(
  'AccountRateLimitsUpdatedNotification',
  'A watched limit has changed. The snapshot is complete.',
  z.object({ rateLimits: RateLimitSnapshot }),
);
