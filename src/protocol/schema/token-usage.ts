import * as z from 'zod/mini';
import { withDefault, described, int64, named } from './documented.js';

export const GetAccountTokenUsageParams = named(
  'GetAccountTokenUsageParams',
  'Parameters of `account/usage/read`.',
  z.object({
    threadId: described(
      'The UUID of a thread. Reads the usage of that thread instead of the account.',
      z.nullish(z.string()),
    ),
  }),
);
export type GetAccountTokenUsageParams = z.infer<typeof GetAccountTokenUsageParams>;

const AccountTokenUsageSummary = named(
  'AccountTokenUsageSummary',
  'Totals over the lifetime of the account. All are null if the usage of a thread is read.',
  z.object({
    lifetimeTokens: described('All tokens used.', z.nullable(int64())),
    peakDailyTokens: described('The tokens used on the day with the most use.', z.nullable(int64())),
    longestRunningTurnSec: described('The duration of the longest turn, in seconds.', z.nullable(int64())),
    currentStreakDays: described('The current number of consecutive days with use.', z.nullable(int64())),
    longestStreakDays: described('The largest number of consecutive days with use.', z.nullable(int64())),
  }),
);

const AccountTokenUsageDailyBucket = named(
  'AccountTokenUsageDailyBucket',
  'The usage of one day.',
  z.object({
    startDate: described('The day as text of the backend.', z.string()),
    tokens: described('Tokens used on that day.', int64()),
  }),
);

const ThreadUsageBreakdownGroup = named(
  'ThreadUsageBreakdownGroup',
  'The usage of one kind of request in a thread.',
  z.object({
    model: described('The model.', z.nullable(z.string())),
    reasoningEffort: described('The reasoning effort.', z.nullable(z.string())),
    speed: described('The requested speed.', z.nullable(z.string())),
    estimatedUsageCreditsMicros: described('The estimated usage in millionths of a credit.', int64()),
    netNewInputTokens: described('Input tokens that were not cached.', z.nullable(int64())),
    cachedInputTokens: described('Input tokens from the cache.', z.nullable(int64())),
    inputTokens: described('All input tokens.', z.nullable(int64())),
    outputTokens: described('Output tokens.', z.nullable(int64())),
    totalTokens: described('All tokens.', z.nullable(int64())),
  }),
);

export const ThreadUsage = named(
  'ThreadUsage',
  'The usage of one thread.',
  z.object({
    threadId: described('The UUID of the thread, in lower case with hyphens.', z.string()),
    estimatedUsageCreditsMicros: described('The estimated usage in millionths of a credit.', int64()),
    estimatedUsageUsdMicros: described(
      'The estimated usage in millionths of a US dollar.',
      z.nullable(int64()),
    ),
    nativeUsageUsdMicros: described(
      'The usage in millionths of a US dollar, without conversion.',
      z.nullable(int64()),
    ),
    groups: z.array(ThreadUsageBreakdownGroup),
  }),
);
export type ThreadUsage = z.infer<typeof ThreadUsage>;

export const GetAccountTokenUsageResponse = named(
  'GetAccountTokenUsageResponse',
  'The token usage of the account or of one thread.',
  z.object({
    summary: AccountTokenUsageSummary,
    dailyUsageBuckets: described(
      'The usage of each day, in the order of the backend. Null if it reported none.',
      z.nullable(z.array(AccountTokenUsageDailyBucket)),
    ),
    threadUsage: withDefault(
      'Null without a `threadId`, or if the backend has no usage of that thread.',
      null,
      z.nullable(ThreadUsage),
    ),
  }),
);
export type GetAccountTokenUsageResponse = z.infer<typeof GetAccountTokenUsageResponse>;
