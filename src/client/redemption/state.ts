import type { RedemptionState } from '../../protocol/redemption-states.js';

/**
 * What may happen to an attempt: the end of a request, or what a later read shows of its windows. `unknownEnd` is every
 * end that leaves the outcome open, a crash too; `refusal` one that says that this request did nothing.
 */
export const redemptionEvents = [
  'unknownEnd',
  'refusal',
  'reset',
  'alreadyRedeemed',
  'nothingToReset',
  'noCredit',
  'noneMoved',
  'someMoved',
  'allMoved',
] as const;
export type RedemptionEvent = (typeof redemptionEvents)[number];

/** The state after an event; undefined where that event cannot come. */
export function nextState(state: RedemptionState, event: RedemptionEvent): RedemptionState | undefined {
  return transitions[state][event];
}

type Transitions = Partial<Record<RedemptionEvent, RedemptionState>>;

const outcomes: Transitions = {
  reset: 'redeemed',
  alreadyRedeemed: 'redeemed',
  nothingToReset: 'nothingToReset',
  noCredit: 'noCredit',
};

const movements: Transitions = { noneMoved: 'pending', someMoved: 'partial', allMoved: 'verified' };

const transitions: Readonly<Record<RedemptionState, Transitions>> = {
  sending: { unknownEnd: 'unclear', refusal: 'refused', ...outcomes },
  // That a later request did nothing says nothing of the one before.
  unclear: { unknownEnd: 'unclear', refusal: 'unclear', ...outcomes },
  redeemed: movements,
  pending: movements,
  // A window that has moved stays so.
  partial: { someMoved: 'partial', allMoved: 'verified' },
  verified: {},
  nothingToReset: {},
  noCredit: {},
  refused: {},
};

/** How long a redemption whose windows have not all moved keeps the next one back. */
export const pendingLimitMs = 4 * 60 * 60 * 1000;

/**
 * What an attempt means for the next redemption of its account.
 *
 * - `repeat`: its own request comes first, with the same key
 * - `finish`: no request, but its windows are looked at first
 * - `wait`: its windows may still move
 * - `none`: nothing
 */
export type Claim = 'repeat' | 'finish' | 'wait' | 'none';

export function claimOf(
  { state, redeemedAtMs }: { readonly state: RedemptionState; readonly redeemedAtMs: number | null },
  nowMs: number,
): Claim {
  const claim = claims[state];
  return claim === 'wait' && nowMs - (redeemedAtMs ?? 0) >= pendingLimitMs ? 'none' : claim;
}

const claims: Readonly<Record<RedemptionState, Claim>> = {
  sending: 'repeat',
  unclear: 'repeat',
  redeemed: 'finish',
  pending: 'wait',
  partial: 'wait',
  verified: 'none',
  nothingToReset: 'none',
  noCredit: 'none',
  refused: 'none',
};
