/** The events of limits, as `usage --on` names them. On the wire they are in camelCase. */
export const eventKinds = [
  'low',
  'critical',
  'reached',
  'allowed',
  'reset',
  'creditGranted',
  'creditExpiring',
  'spend',
  'failed',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** A kind of event to report, with its threshold. */
export type EventRule =
  /** At most this much is left of a window or of the spend limit. If both apply, only `critical` is reported. */
  | { readonly kind: 'low' | 'critical'; readonly leftPercent: number }
  /** At least this much of the spend limit is used. */
  | { readonly kind: 'spend'; readonly usedPercent: number }
  /** A reset credit expires within this time. */
  | { readonly kind: 'creditExpiring'; readonly withinSecs: number }
  /**
   * `reached`: use is blocked. `allowed`: it no longer is. `reset`: a used window has started again. `creditGranted`:
   * there is another reset credit. `failed`: a read has failed.
   */
  | { readonly kind: 'reached' | 'allowed' | 'reset' | 'creditGranted' | 'failed' };

/** An event. Members that do not apply are null. */
export interface LimitsEvent {
  readonly kind: EventKind;
  /** When it was noticed, in Unix seconds. */
  readonly at: number;
  /** The subject. For `reached` it is the reason of the block, if that is known. */
  readonly limit: 'rateLimit' | 'spendLimit' | 'workspaceCredits' | 'resetCredit' | null;
  /** The id of the limit that the window belongs to. */
  readonly limitId: string | null;
  readonly windowDurationMins: number | null;
  readonly usedPercent: number | null;
  readonly leftPercent: number | null;
  /** When the window or spend limit resets, or the block ends by itself, in Unix seconds. */
  readonly resetsAt: number | null;
  /** The id of the reset credit. */
  readonly creditId: string | null;
  /** When the reset credit expires, in Unix seconds. */
  readonly expiresAt: number | null;
  /** How many reset credits there are. */
  readonly availableCount: number | null;
  /** For `failed`: the kind of the error. */
  readonly errorKind: string | null;
}

/** Returns an event with the members that apply. */
export function eventOf(
  kind: EventKind,
  nowMs: number,
  members: Partial<Omit<LimitsEvent, 'kind' | 'at'>> = {},
): LimitsEvent {
  return {
    kind,
    at: Math.floor(nowMs / 1000),
    limit: null,
    limitId: null,
    windowDurationMins: null,
    usedPercent: null,
    leftPercent: null,
    resetsAt: null,
    creditId: null,
    expiresAt: null,
    availableCount: null,
    errorKind: null,
    ...members,
  };
}
