import * as z from 'zod/mini';
import { described, int64, named } from '../documented.js';
import { GetAccountTokenUsageResponse } from '../token-usage.js';
import { UsageFailure } from './usage-report.js';

// The output of `usage --tokens --json`. A change that breaks readers needs version 2.

export const TokenUsageReport = named(
  'TokenUsageReport',
  'The output of `usage --tokens --json` after a successful read.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    readAt: described('The time when the read began, in Unix seconds.', int64()),
    usage: GetAccountTokenUsageResponse,
  }),
);
export type TokenUsageReport = z.infer<typeof TokenUsageReport>;

named(
  'TokenUsageOutput',
  'The output of `usage --tokens --json`: a failure if it has a member `error`.',
  z.union([TokenUsageReport, UsageFailure]),
);
