import { limitIdOf, type LimitsOfRead } from './snapshots.js';

interface Limit {
  limitId: string | null;
}

/**
 * The params of `account/rateLimits/updated` as Codex itself sends them. A member that is null or absent is unknown.
 */
export interface SparseRateLimits<Snapshot> {
  readonly rateLimits: Partial<Snapshot>;
}

/** The number of limits up to which a merge adds one. */
const maxLimits = 1_000;

/** The length up to which an update may make a limit longer, as JSON. With `maxLimits`, updates add at most 8 MiB. */
const maxLimitLength = 8 * 1024;

/**
 * Merges a sparse update of Codex into a read. An update without a limit id is about `codex`. Null clears nothing, and
 * a window is replaced as a whole. Reset credits and permission are not part of an update: read them again.
 *
 * An update is ignored if it makes a limit longer and that limit would have more than 8 KiB or is one of more than 1,000.
 * It is also ignored if it adds a limit and there are 1,000 already. Without these bounds, updates could take ever more
 * memory.
 *
 * @example
 * let latest = limits;
 * client.onNotification('account/rateLimits/updated', (update) => {
 *   latest = mergeRateLimits(latest, update);
 * });
 */
export function mergeRateLimits<Read extends LimitsOfRead<Limit>>(
  read: Read,
  { rateLimits: update }: SparseRateLimits<Read['rateLimits']>,
): Read {
  const limitId = limitIdOf(update);
  const isOrdinary = limitIdOf(read.rateLimits) === limitId;
  const limits = read.rateLimitsByLimitId ?? {};
  const count = Object.keys(limits).length;
  if (!isOrdinary && !Object.hasOwn(limits, limitId) && count >= maxLimits) return read;
  const known = isOrdinary
    ? read.rateLimits
    : (read.rateLimitsByLimitId?.[limitId] ?? withoutValues(read.rateLimits));
  const given = Object.entries(update).filter(([, value]) => value !== null && value !== undefined);
  const merged: Limit = { ...known, ...Object.fromEntries(given) };
  if (!isOrdinary) merged.limitId = limitId;
  const maxLength = count > maxLimits ? 0 : maxLimitLength;
  const { length } = JSON.stringify(merged);
  if (length > maxLength && length > JSON.stringify(known).length) return read;
  return {
    ...read,
    rateLimits: isOrdinary ? merged : read.rateLimits,
    rateLimitsByLimitId: { ...read.rateLimitsByLimitId, [limitId]: merged },
  };
}

/** Returns a limit without any known value. */
function withoutValues(limit: Limit): Limit {
  return { ...Object.fromEntries(Object.keys(limit).map((name) => [name, null])), limitId: null };
}
