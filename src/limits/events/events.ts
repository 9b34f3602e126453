import { spendBudget } from '../budget.js';
import { creditEvents, type EventsCredits } from './credit-events.js';
import { draftEvents, type EventDraft, type EventMemory } from './event-memory.js';
import { type EventRule, eventOf, type LimitsEvent } from './event-rules.js';
import { type PermissionRead, usagePermission } from '../permission.js';
import { limitIdOf, type LimitsOfRead, listLimits, ordinaryLimitId } from '../snapshots.js';
import { leftPercent } from '../tightest.js';
import { hasReset } from '../window-moves.js';
import { isStale, type LimitWindow, type LimitWindows, windowsOf } from '../windows.js';

type Limit = LimitWindows & { readonly limitId: string | null };

/** The part of an answer to `account/rateLimits/read` that events come from. */
export interface EventsRead extends LimitsOfRead<Limit & EventsLimit>, PermissionRead {
  readonly rateLimits: Limit & EventsLimit;
  readonly rateLimitResetCredits: EventsCredits | null;
}

type EventsLimit = PermissionRead['rateLimits'] & Parameters<typeof spendBudget>[0];

/** Up to this many points above a threshold what is left is neither above nor below: backends correct their figures. */
const marginPercent = 5;

/**
 * Lists the events of a read. An event is reported once: a condition that holds is not reported again before it has
 * ended. At the first read, with an empty memory, conditions that hold are reported, and changes are not.
 */
export function eventsOfRead(
  memory: EventMemory,
  read: EventsRead,
  rules: readonly EventRule[],
  nowMs: number,
): { readonly events: readonly LimitsEvent[]; readonly memory: EventMemory } {
  const draft = draftEvents(memory, nowMs);
  draft.end((key) => key === 'failed');
  const spans = spansOf(read, nowMs);
  const resets = resetsOf(memory, spans, nowMs);
  draft.end((key) => resets.some(({ subject }) => key.endsWith(` ${subject}`)));
  const permission = permissionEvents(memory, read, rules, draft);
  const credits = creditEvents(memory.credits, read.rateLimitResetCredits, rules, draft);
  const events = [
    ...permission.events,
    ...(rules.some(({ kind }) => kind === 'reset') ? resetEvents(resets, draft) : []),
    ...spans.flatMap((span) => spanEvents(span, rules, draft)),
    ...credits.events,
  ];
  const windows = Object.fromEntries(
    spans.flatMap(({ subject, window }) => (window ? [[subject, window]] : [])),
  );
  return {
    events,
    memory: {
      permission: permission.reported,
      // A window that is missing for a while is still known afterwards.
      windows: newest({ ...without(memory.windows, windows), ...windows }),
      credits: credits.known,
      ...draft.memory(),
    },
  };
}

/** Lists the event of a failed read, unless the read before failed too. */
export function eventsOfFailure(
  memory: EventMemory,
  errorKind: string,
  rules: readonly EventRule[],
  nowMs: number,
): { readonly events: readonly LimitsEvent[]; readonly memory: EventMemory } {
  const draft = draftEvents(memory, nowMs);
  const isNew = rules.some(({ kind }) => kind === 'failed') && draft.begins('failed', true);
  return {
    events: isNew ? [eventOf('failed', nowMs, { errorKind })] : [],
    memory: { ...memory, ...draft.memory() },
  };
}

/** A window or the spend limit. */
interface Span {
  /** Names it in keys of the memory. */
  readonly subject: string;
  readonly window: LimitWindow | undefined;
  /** Null once it has ended. */
  readonly left: number | null;
  readonly members: Pick<
    LimitsEvent,
    'limit' | 'limitId' | 'windowDurationMins' | 'usedPercent' | 'leftPercent' | 'resetsAt'
  >;
}

function spansOf(read: EventsRead, nowMs: number): Span[] {
  const windows = listLimits(read).flatMap((limit) =>
    windowsOf(limit).map((window): Span => {
      const { windowDurationMins, resetsAt } = window;
      const used = isStale(window, nowMs) ? null : window.usedPercent;
      const left = used === null ? null : leftPercent(used);
      const limitId = limitIdOf(limit);
      const members = { limitId, windowDurationMins, usedPercent: used, leftPercent: left, resetsAt };
      return {
        subject: `${limitId}/${windowDurationMins ?? '?'}`,
        window,
        left,
        members: { ...members, limit: 'rateLimit' },
      };
    }),
  );
  const budget = spendBudget(read.rateLimits, nowMs);
  if (!budget) return windows;
  const left = budget.usedPercent === null ? null : leftPercent(budget.usedPercent);
  const { usedPercent, resetsAt } = budget;
  const members = { limitId: ordinaryLimitId, windowDurationMins: null, usedPercent, resetsAt };
  return [
    ...windows,
    {
      subject: 'budget',
      window: undefined,
      left,
      members: { ...members, leftPercent: left, limit: 'spendLimit' },
    },
  ];
}

/** Lists the windows that were used and have started again. */
function resetsOf(memory: EventMemory, spans: readonly Span[], nowMs: number): Span[] {
  return spans.filter(({ subject, window }) => {
    const before = memory.windows[subject];
    return window && before && hasReset(before, window, nowMs);
  });
}

function resetEvents(resets: readonly Span[], draft: EventDraft): LimitsEvent[] {
  return resets
    .filter(({ subject }) => draft.report(`reset ${subject}`))
    .map(({ members }) => eventOf('reset', draft.nowMs, members));
}

/** Returns an event for the threshold that a span has reached. The most severe one comes first, and includes others. */
function spanEvents(
  { subject, left, members }: Span,
  rules: readonly EventRule[],
  draft: EventDraft,
): LimitsEvent[] {
  const thresholds = rules
    .flatMap((rule) => thresholdOf(rule, subject))
    .sort((one, other) => one.leftPercent - other.leftPercent);
  let isIncluded = false;
  return thresholds.flatMap(({ rule, leftPercent: threshold }) => {
    const key = `${rule.kind}:${threshold} ${subject}`;
    const holds =
      left === null || (left > threshold && left <= threshold + marginPercent) ? null : left <= threshold;
    const isPart = isIncluded && rule.kind !== 'spend';
    if (holds && rule.kind !== 'spend') isIncluded = true;
    if (holds && isPart) {
      draft.skip(key);
      return [];
    }
    return draft.begins(key, holds) ? [eventOf(rule.kind, draft.nowMs, members)] : [];
  });
}

interface Threshold {
  readonly rule: Extract<EventRule, { kind: 'low' | 'critical' | 'spend' }>;
  readonly leftPercent: number;
}

function thresholdOf(rule: EventRule, subject: string): Threshold[] {
  if (rule.kind === 'low' || rule.kind === 'critical') return [{ rule, leftPercent: rule.leftPercent }];
  if (rule.kind === 'spend' && subject === 'budget') return [{ rule, leftPercent: 100 - rule.usedPercent }];
  return [];
}

function permissionEvents(
  memory: EventMemory,
  read: EventsRead,
  rules: readonly EventRule[],
  draft: EventDraft,
): { readonly events: readonly LimitsEvent[]; readonly reported: EventMemory['permission'] } {
  const { permission, block } = usagePermission(read, draft.nowMs);
  const isSame = permission === 'unknown' || permission === memory.permission;
  if (isSame) return { events: [], reported: memory.permission };
  const kind = permission === 'blocked' ? 'reached' : 'allowed';
  const isChange = memory.permission !== null || permission === 'blocked';
  if (!isChange || !rules.some((rule) => rule.kind === kind)) return { events: [], reported: permission };
  // An event that comes too soon is reported later, if it is still true.
  if (!draft.report(kind)) return { events: [], reported: memory.permission };
  const members = block && {
    limit: block.limit,
    windowDurationMins: block.windowDurationMins,
    resetsAt: block.until,
  };
  return { events: [eventOf(kind, draft.nowMs, members ?? {})], reported: permission };
}

const mostWindows = 200;

function newest(windows: EventMemory['windows']): EventMemory['windows'] {
  return Object.fromEntries(Object.entries(windows).slice(-mostWindows));
}

function without(windows: EventMemory['windows'], others: EventMemory['windows']): EventMemory['windows'] {
  return Object.fromEntries(Object.entries(windows).filter(([key]) => !Object.hasOwn(others, key)));
}
