import * as z from 'zod/mini';
import { WireTimestamp } from './wire-timestamp.js';
import { integer64, listOf, orNull } from './wire-values.js';

const WireResetCredit = z.object({
  id: z.string(),
  reset_type: orNull(z.string()),
  status: orNull(z.string()),
  granted_at: WireTimestamp,
  expires_at: orNull(WireTimestamp),
  title: orNull(z.string()),
  description: orNull(z.string()),
});
export type WireResetCredit = z.infer<typeof WireResetCredit>;

/** The body of `GET …/rate-limit-reset-credits`; backend.md 4 with the leniency of D5. Times are Unix seconds. */
export const WireResetCredits = z.object({
  available_count: orNull(integer64),
  credits: listOf(WireResetCredit),
});
export type WireResetCredits = z.infer<typeof WireResetCredits>;

/** The reply to `POST …/rate-limit-reset-credits/consume`. `windows_reset` is not looked at. */
export const WireConsume = z.object({
  code: z.enum(['reset', 'nothing_to_reset', 'no_credit', 'already_redeemed']),
});
export type WireConsume = z.infer<typeof WireConsume>;
