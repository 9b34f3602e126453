import { array, nullable, number, object, oneOf, type Reader, text } from '../../util/reading.js';
import { type RedemptionState, redemptionStates } from '../../protocol/redemption-states.js';
import { type RedemptionWindow, slots, windowVerdicts } from './windows.js';

/** The account whose credit is used. Contains no e-mail address and no token. */
export interface RedemptionAccount {
  readonly accountId: string;
  /** Null if the server does not say it. */
  readonly userId: string | null;
}

/** One attempt to redeem a credit. */
export interface Redemption {
  /** The idempotency key, which is created for this attempt and sent with each of its requests. */
  readonly key: string;
  readonly account: RedemptionAccount;
  /** Null if the backend chooses. */
  readonly creditId: string | null;
  readonly state: RedemptionState;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** When it became known that a credit was used; null if that is not known. */
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

/** Reads an attempt of the journal. */
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
