import type { RedemptionState } from '../../protocol/redemption-states.js';

/**
 * The events of an attempt: the end of a request, what later reads show of its windows, or that it is given up.
 * `unknownEnd` is any end without an outcome, a crash too. `refusal` is an error that proves that this request redeemed
 * nothing. `abandon` ends an attempt whose outcome stays unknown.
 */
export const redemptionEvents = [
  'unknownEnd',
  'refusal',
  'reset',
  'alreadyRedeemed',
  'nothingToReset',
  'noCredit',
  'abandon',
  'noneMoved',
  'someMoved',
  'allMoved',
  'lasted',
  'cameBack',
  'movedAgain',
] as const;
export type RedemptionEvent = (typeof redemptionEvents)[number];

/** Returns the state after an event; undefined if the event is not possible in this state. */
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
  sending: { unknownEnd: 'unclear', refusal: 'refused', abandon: 'abandoned', ...outcomes },
  // A refusal of a later request proves nothing about the earlier one.
  unclear: { unknownEnd: 'unclear', refusal: 'unclear', abandon: 'abandoned', ...outcomes },
  redeemed: movements,
  pending: movements,
  // A window that has moved remains so.
  partial: { someMoved: 'partial', allMoved: 'verified' },
  // Windows that have moved are read again: users report that old windows came back minutes or hours later.
  verified: { lasted: 'settled', cameBack: 'reverted' },
  settled: { cameBack: 'reverted' },
  reverted: { movedAgain: 'verified' },
  nothingToReset: {},
  noCredit: {},
  refused: {},
  abandoned: {},
};

/** Returns whether an attempt in this state has used a credit. */
export function usedCredit(state: RedemptionState): 'yes' | 'no' | 'unknown' {
  return creditUse[state];
}

const creditUse: Readonly<Record<RedemptionState, ReturnType<typeof usedCredit>>> = {
  sending: 'unknown',
  unclear: 'unknown',
  redeemed: 'yes',
  pending: 'yes',
  partial: 'yes',
  verified: 'yes',
  settled: 'yes',
  reverted: 'yes',
  nothingToReset: 'no',
  noCredit: 'no',
  refused: 'no',
  abandoned: 'unknown',
};

/** How long a redemption whose windows have not all moved prevents the next one. */
export const pendingLimitMs = 4 * 60 * 60 * 1000;

/**
 * The meaning of an attempt for the next redemption of its account.
 *
 * - `repeat`: its request is repeated first, with the same key
 * - `finish`: its windows are read first; nothing is sent
 * - `wait`: its windows may still move
 * - `none`: nothing
 */
export type Claim = 'repeat' | 'finish' | 'wait' | 'none';

/** Returns the meaning of an attempt for the next redemption. */
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
  settled: 'none',
  // Its credit is used: the same key would redeem nothing. Whether to use another one is for the user to decide.
  reverted: 'none',
  nothingToReset: 'none',
  noCredit: 'none',
  refused: 'none',
  abandoned: 'none',
};
