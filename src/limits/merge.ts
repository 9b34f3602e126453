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

/** So many limits a merge can lead to; a read may have more. */
const maxLimits = 1_000;

/** How long an update may be, as JSON. Together with `maxLimits`, merged limits have at most 8 MiB. */
const maxUpdateLength = 8 * 1024;

/**
 * Merges a sparse update of Codex into a read. An update without a limit id is about `codex`. Null clears nothing, and
 * a window is replaced as a whole. Reset credits and permission are not part of an update: read them again.
 *
 * An update longer than 8 KiB is ignored, and so is one of another limit if the read has 1,000 already: without these
 * bounds, updates of ever new limits would take ever more memory until the next read.
 */
export function mergeRateLimits<Read extends LimitsOfRead<Limit>>(
  read: Read,
  { rateLimits: update }: SparseRateLimits<Read['rateLimits']>,
): Read {
  if (JSON.stringify(update).length > maxUpdateLength) return read;
  const limitId = limitIdOf(update);
  const isOrdinary = limitIdOf(read.rateLimits) === limitId;
  const limits = read.rateLimitsByLimitId ?? {};
  if (!isOrdinary && !Object.hasOwn(limits, limitId) && Object.keys(limits).length >= maxLimits) return read;
  const known = isOrdinary
    ? read.rateLimits
    : (read.rateLimitsByLimitId?.[limitId] ?? withoutValues(read.rateLimits));
  const given = Object.entries(update).filter(([, value]) => value !== null && value !== undefined);
  const merged: Limit = { ...known, ...Object.fromEntries(given) };
  if (!isOrdinary) merged.limitId = limitId;
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
