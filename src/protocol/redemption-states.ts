/**
 * The states of an attempt to redeem a credit. A test compares them with their table in the README.
 *
 * - `sending`: the first request is under way, or the process was killed during it
 * - `unclear`: it is unknown whether a credit was used
 * - `redeemed`: a credit was used; the limits have not been read since
 * - `pending`, `partial`, `verified`: a credit was used; none, some or all of the windows in use have been reset
 * - `nothingToReset`, `noCredit`: the backend used no credit
 * - `refused`: no credit was used, because the backend did not process the request
 */
export const redemptionStates = [
  'sending',
  'unclear',
  'redeemed',
  'pending',
  'partial',
  'verified',
  'nothingToReset',
  'noCredit',
  'refused',
] as const;
export type RedemptionState = (typeof redemptionStates)[number];
