import { nullable, object, oneOf, orElse, type Read, text } from '../../util/json/reading.js';
import { integer64, listOf, orNull, timestamp } from '../request/wire-values.js';

const WireResetCredit = object({
  id: text,
  reset_type: orNull(text),
  status: orNull(text),
  granted_at: timestamp,
  /** Null if the credit never expires. Codex reads a credit without this member in the same way. */
  expires_at: orElse(nullable(timestamp), 'unreadable' as const),
  title: orNull(text),
  description: orNull(text),
});
export type WireResetCredit = Read<typeof WireResetCredit>;

/** The body of `GET …/rate-limit-reset-credits`, read leniently (D5). Times are Unix seconds. */
export const WireResetCredits = object({
  available_count: orNull(integer64),
  credits: listOf(WireResetCredit),
});
export type WireResetCredits = Read<typeof WireResetCredits>;

/** The reply to `POST …/rate-limit-reset-credits/consume`. Its `windows_reset` is ignored (D5). */
export const WireConsume = object({
  code: oneOf(['reset', 'nothing_to_reset', 'no_credit', 'already_redeemed']),
});
export type WireConsume = Read<typeof WireConsume>;
