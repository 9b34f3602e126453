import { array, nullable, number, object, oneOf, type Reader, text } from '../../util/reading.js';
import { type RedemptionState, redemptionStates } from '../../protocol/redemption-states.js';
import { type RedemptionWindow, slots, windowVerdicts } from './windows.js';

/** Whose credit it is. Not an e-mail address, and nothing that signs anybody in. */
export interface RedemptionAccount {
  readonly accountId: string;
  /** Null where the server does not tell it. */
  readonly userId: string | null;
}

/** One attempt to redeem a credit. */
export interface Redemption {
  /** The idempotency key, made for this attempt and sent with each request of it. */
  readonly key: string;
  readonly account: RedemptionAccount;
  /** Null: the backend chooses. */
  readonly creditId: string | null;
  readonly state: RedemptionState;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** When the outcome was known; null where no credit is known to be used. */
  readonly redeemedAtMs: number | null;
  readonly windows: readonly RedemptionWindow[];
}

const window: Reader<RedemptionWindow> = object({
  slot: oneOf(slots),
  windowDurationMins: nullable(number),
  usedPercent: number,
  resetsAt: nullable(number),
  verdict: oneOf(windowVerdicts),
});

/** One of the journal. */
export const redemption: Reader<Redemption> = object({
  key: text,
  account: object({ accountId: text, userId: nullable(text) }),
  creditId: nullable(text),
  state: oneOf(redemptionStates),
  startedAtMs: number,
  updatedAtMs: number,
  redeemedAtMs: nullable(number),
  windows: array(window),
});
