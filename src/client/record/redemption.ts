import {
  array,
  checked,
  nullable,
  number,
  object,
  oneOf,
  orElse,
  type Reader,
  text,
} from '../../util/json/reading.js';
import { type RedemptionState, redemptionStates } from '../../protocol/redemption-states.js';
import { claimOf } from './state.js';
import { type RedemptionWindow, slots, windowVerdicts } from './windows.js';
import type { WindowUse } from '../../limits/window-moves.js';

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
  /** The number of the change in the journal that made the attempt what it is, except for its windows. */
  readonly sequence: number;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** When it became known that a credit was used; null if that is not known. */
  readonly redeemedAtMs: number | null;
  readonly windows: readonly RedemptionWindow[];
  /** The number of credits before the attempt; null if it is not known. */
  readonly availableCount: number | null;
  /** The id of the consent to the rule that began it; null if a user did. */
  readonly ruleId: number | null;
  /** Why the attempt was abandoned; null if it was not. */
  readonly abandonReason: string | null;
  /** When windows from before the redemption last came back; null if none has. It stays if they are reset again. */
  readonly reversal: RedemptionReversal | null;
}

/** The return of windows that a redemption had reset. */
export interface RedemptionReversal {
  /** When the read began that showed it first. */
  readonly atMs: number;
  /** The windows that came back, as that read showed them. */
  readonly windows: readonly RevertedWindow[];
}

export type RevertedWindow = WindowUse & Pick<RedemptionWindow, 'slot' | 'windowDurationMins'>;

const maxCreditIdBytes = 1_024;

/** Returns why no server can take this as the id of a credit; undefined if one can. */
export function creditIdProblem(creditId: unknown): string | undefined {
  if (typeof creditId !== 'string') return 'it is not a string';
  if (creditId === '') return 'it is empty';
  if (!isEncodable(creditId)) return 'it has half a surrogate pair, which has no UTF-8 form';
  if (Buffer.byteLength(creditId) > maxCreditIdBytes) return `it is longer than ${maxCreditIdBytes} bytes`;
  return undefined;
}

function isEncodable(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

const use = { usedPercent: number, resetsAt: nullable(number) };
const sameWindow = { slot: oneOf(slots), windowDurationMins: nullable(number) };

const window: Reader<RedemptionWindow> = object({
  ...sameWindow,
  ...use,
  verdict: oneOf(windowVerdicts),
  after: orElse(nullable(object(use)), null),
});

const reversal: Reader<RedemptionReversal> = object({
  atMs: number,
  windows: array(object({ ...sameWindow, ...use })),
});

/**
 * Reads an attempt of the journal. Journals of format 1 have no sequence, number of credits or reason; those before
 * format 3 do not say what has become of the windows.
 */
export const redemption: Reader<Redemption> = object({
  key: text,
  account: object({ accountId: text, userId: nullable(text) }),
  creditId: nullable(checked(text, isEncodable)),
  state: oneOf(redemptionStates),
  sequence: orElse(number, 0),
  startedAtMs: number,
  updatedAtMs: number,
  redeemedAtMs: nullable(number),
  windows: array(window),
  availableCount: orElse(nullable(number), null),
  ruleId: orElse(nullable(number), null),
  abandonReason: orElse(nullable(text), null),
  reversal: orElse(nullable(reversal), null),
});

/** Returns whether an unreadable entry of the journal is certainly not an open attempt. */
export function isCertainlyEnded(entry: unknown): boolean {
  const { creditId = null, state } = (entry ?? {}) as { creditId?: unknown; state?: unknown };
  // A server refuses such an id before it does anything.
  const isUnsendable = creditId !== null && (typeof creditId !== 'string' || !isEncodable(creditId));
  const known = redemptionStates.find((each) => each === state);
  return isUnsendable || (known !== undefined && claimOf({ state: known, redeemedAtMs: 0 }, 0) === 'none');
}

/** Returns whether a time of the attempt is in the future: the clock was ahead. */
export function isAhead({ startedAtMs, updatedAtMs, redeemedAtMs }: Redemption, nowMs: number): boolean {
  return [startedAtMs, updatedAtMs, redeemedAtMs ?? 0].some((time) => time > nowMs);
}

/** Returns the attempt with `nowMs` in place of the times that are in the future. */
export function notAfter(redemption: Redemption, nowMs: number): Redemption {
  const { startedAtMs, updatedAtMs, redeemedAtMs } = redemption;
  return {
    ...redemption,
    startedAtMs: Math.min(startedAtMs, nowMs),
    updatedAtMs: Math.min(updatedAtMs, nowMs),
    redeemedAtMs: redeemedAtMs && Math.min(redeemedAtMs, nowMs),
  };
}
