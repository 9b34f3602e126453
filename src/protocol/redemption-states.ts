/**
 * Where an attempt to redeem a credit stands. The README has the same in a table, and a test compares both.
 *
 * - `sending`: its first request is under way, or its process was killed then
 * - `unclear`: nobody knows whether a credit was used
 * - `redeemed`: a credit was used, the limits have not been read since
 * - `pending`, `partial`, `verified`: the same, and none, some or all of the windows that were in use have moved
 * - `nothingToReset`, `noCredit`: the backend has used no credit
 * - `refused`: certainly no credit was used, as the request was never carried out
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
