/**
 * The states of an attempt to redeem a credit. A test compares them with the table in src/client/README.md.
 *
 * - `sending`: the first request is in flight, or its process was killed
 * - `unclear`: it is unknown whether a credit was used
 * - `redeemed`: a credit was used; the limits have not been read since
 * - `pending`, `partial`, `verified`: a credit was used; none, some or all of the windows in use have moved
 * - `settled`: the windows have stayed reset for an hour
 * - `reverted`: a window from before the redemption has come back
 * - `nothingToReset`, `noCredit`: the backend used no credit
 * - `refused`: no credit was used, because the backend did not process the request
 * - `abandoned`: it is unknown whether a credit was used, and the user has given the attempt up
 */
export const redemptionStates = [
  'sending',
  'unclear',
  'redeemed',
  'pending',
  'partial',
  'verified',
  'settled',
  'reverted',
  'nothingToReset',
  'noCredit',
  'refused',
  'abandoned',
] as const;
export type RedemptionState = (typeof redemptionStates)[number];
