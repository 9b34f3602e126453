import * as z from 'zod/mini';
import { defaulting, described, int64, named } from './documented.js';

export const GetAccountTokenUsageParams = named(
  'GetAccountTokenUsageParams',
  'Parameters of `account/usage/read`.',
  z.object({
    threadId: described(
      'A UUID: asks for the usage of that thread instead of the whole profile.',
      z.nullish(z.string()),
    ),
  }),
);
export type GetAccountTokenUsageParams = z.infer<typeof GetAccountTokenUsageParams>;

const AccountTokenUsageSummary = named(
  'AccountTokenUsageSummary',
  'Figures over the whole life of the account; all null when a thread was asked for.',
  z.object({
    lifetimeTokens: described('Tokens used in all.', z.nullable(int64())),
    peakDailyTokens: described('Tokens on the day of most use.', z.nullable(int64())),
    longestRunningTurnSec: described('The longest turn, in seconds.', z.nullable(int64())),
    currentStreakDays: described('Days in a row with use, up to now.', z.nullable(int64())),
    longestStreakDays: described('The most days in a row with use.', z.nullable(int64())),
  }),
);

const AccountTokenUsageDailyBucket = named(
  'AccountTokenUsageDailyBucket',
  'The use of one day.',
  z.object({
    startDate: described("The day as the backend's own text.", z.string()),
    tokens: described('Tokens used on that day.', int64()),
  }),
);

const ThreadUsageBreakdownGroup = named(
  'ThreadUsageBreakdownGroup',
  'What one kind of request used in a thread.',
  z.object({
    model: described('The model.', z.nullable(z.string())),
    reasoningEffort: described('How much the model reasoned.', z.nullable(z.string())),
    speed: described('The speed that was asked for.', z.nullable(z.string())),
    estimatedUsageCreditsMicros: described('Millionths of a credit.', int64()),
    netNewInputTokens: described('Input tokens that were not cached.', z.nullable(int64())),
    cachedInputTokens: described('Input tokens from the cache.', z.nullable(int64())),
    inputTokens: described('Input tokens in all.', z.nullable(int64())),
    outputTokens: described('Output tokens.', z.nullable(int64())),
    totalTokens: described('Tokens in all.', z.nullable(int64())),
  }),
);

export const ThreadUsage = named(
  'ThreadUsage',
  'What one thread used.',
  z.object({
    threadId: described('The thread, in lower case with hyphens.', z.string()),
    estimatedUsageCreditsMicros: described('Millionths of a credit.', int64()),
    estimatedUsageUsdMicros: described('Millionths of a US dollar.', z.nullable(int64())),
    nativeUsageUsdMicros: described('Millionths of a US dollar, without conversion.', z.nullable(int64())),
    groups: z.array(ThreadUsageBreakdownGroup),
  }),
);
export type ThreadUsage = z.infer<typeof ThreadUsage>;

export const GetAccountTokenUsageResponse = named(
  'GetAccountTokenUsageResponse',
  'How many tokens were used: by the account, or by one thread.',
  z.object({
    summary: AccountTokenUsageSummary,
    dailyUsageBuckets: described(
      'Day by day, in the order of the backend; null when it gave none.',
      z.nullable(z.array(AccountTokenUsageDailyBucket)),
    ),
    threadUsage: defaulting(
      'Null without a `threadId`, and when the backend knows nothing of that thread.',
      null,
      z.nullable(ThreadUsage),
    ),
  }),
);
export type GetAccountTokenUsageResponse = z.infer<typeof GetAccountTokenUsageResponse>;
