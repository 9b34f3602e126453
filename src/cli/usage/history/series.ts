import { windowName } from '../../../limits/windows.js';
import type { LoggedChange, UsageHistory } from '../../../protocol/schema/reports/usage-history.js';
import { isOrdinary } from '../presentation.js';

/** The use of a window or spend limit over time. */
export interface Series {
  /** The name of the window; with that of the limit unless it is the ordinary one. */
  readonly name: string;
  /** The oldest first. */
  readonly points: readonly SeriesPoint[];
}

export interface SeriesPoint {
  /** Unix seconds, also `until`. */
  readonly at: number;
  /** Null if there was none. */
  readonly usedPercent: number | null;
  /** When the use is no longer known, unless it was read again. */
  readonly until: number;
  readonly mark: Mark | undefined;
}

/** A change of a window, except use. */
export type Mark = 'ended' | 'early' | 'byRedemption' | 'back';

/** Lists the series of a history: the windows of each limit, the shortest first, and its spend limit. */
export function seriesOf({ changes }: Pick<UsageHistory, 'changes'>): Series[] {
  const found = new Map<string, { readonly name: string; readonly order: number; points: SeriesPoint[] }>();
  for (const change of changes) {
    if (change.kind === 'resetCredits') continue;
    const name = seriesName(change);
    const series = found.get(name) ?? { name, order: orderOf(change), points: [] };
    series.points.push(pointOf(change));
    found.set(name, series);
  }
  return [...found.values()].sort((one, other) => one.order - other.order);
}

type LimitChange = Exclude<LoggedChange, { kind: 'resetCredits' }>;

/** Names the window or spend limit of a change: `week`, or `extra: week` of another limit than the ordinary one. */
export function seriesName(change: LimitChange): string {
  const name = change.kind === 'budget' ? 'spend limit' : windowName(change.windowDurationMins);
  return isOrdinary(change) ? name : `${change.limitId}: ${name}`;
}

const afterWindows = 1e9;

/** Returns the place of a series among the others. Other limits come after the ordinary one. */
function orderOf(change: LimitChange): number {
  const order = change.kind === 'budget' ? afterWindows : (change.windowDurationMins ?? afterWindows - 1);
  return isOrdinary(change) ? order : order + 2 * afterWindows;
}

function pointOf(change: LimitChange): SeriesPoint {
  const { at, after } = change;
  if (!after) return { at, usedPercent: null, until: Infinity, mark: undefined };
  const usedPercent = 'usedPercent' in after ? after.usedPercent : 100 - after.remainingPercent;
  // The boundary of an unused window moves with the clock, which is not recorded.
  const until = usedPercent === 0 ? Infinity : (after.resetsAt ?? Infinity);
  return { at, usedPercent, until, mark: markOf(change) };
}

function markOf(change: LimitChange): Mark | undefined {
  if (change.kind === 'budget' || change.move === null || change.move === 'used') return undefined;
  return change.move === 'early' && change.movedWithoutUs === false ? 'byRedemption' : change.move;
}
