import { type CreditSummary, type ListedCredit, redeemableCredits } from '../credits.js';
import type { EventDraft, EventMemory } from './event-memory.js';
import { eventOf, type EventRule, type LimitsEvent } from './event-rules.js';

type Credit = ListedCredit & { readonly id: string };

/** The reset credits of a read. */
export type EventsCredits = CreditSummary<Credit>;

const mostIds = 200;

/** Lists the events of the reset credits, and returns what is to be remembered of them. */
export function creditEvents(
  before: EventMemory['credits'],
  summary: EventsCredits | null,
  rules: readonly EventRule[],
  draft: EventDraft,
): { readonly events: readonly LimitsEvent[]; readonly known: EventMemory['credits'] } {
  if (!summary) return { events: [], known: before };
  const credits = redeemableCredits(summary, draft.nowMs);
  const isListed = summary.credits !== null || (summary.creditsOfUnknownExpiry ?? []).length > 0;
  if (isListed) {
    draft.end((key) => key.startsWith(expiring) && !credits.some(({ id }) => key.endsWith(` ${id}`)));
  }
  const known = {
    count: summary.availableCount,
    ids: isListed ? idsOf(credits, before) : idsOfCount(summary.availableCount, before),
  };
  return {
    events: [
      ...(before && rules.some(({ kind }) => kind === 'creditGranted')
        ? grantEvents(before, known.count, isListed ? credits : undefined, draft)
        : []),
      ...rules.flatMap((rule) =>
        rule.kind === 'creditExpiring' ? expiryEvents(rule.withinSecs, credits, known.count, draft) : [],
      ),
    ],
    known,
  };
}

/** Keeps the ids that have gone: a credit that comes back is not a new one. */
function idsOf(credits: readonly Credit[], before: EventMemory['credits']): string[] {
  return [...new Set([...credits.map(({ id }) => id), ...(before?.ids ?? [])])].slice(0, mostIds);
}

/**
 * Returns the known ids after a read without a list. Null if there are more credits than before, or if that is not
 * known: the id of a new credit is then missing, and a credit that is listed later does not count as new.
 */
function idsOfCount(count: number, before: EventMemory['credits']): readonly string[] | null {
  return before && count <= before.count ? before.ids : null;
}

/** Finds the new credits, by their ids. If the ids were not known, only the number says that there are more. */
function grantEvents(
  before: NonNullable<EventMemory['credits']>,
  availableCount: number,
  credits: readonly Credit[] | undefined,
  draft: EventDraft,
): LimitsEvent[] {
  const { ids } = before;
  if (ids && credits) {
    return credits
      .filter(({ id }) => !ids.includes(id))
      .filter(({ id }) => draft.report(`creditGranted ${id}`))
      .map((credit) => eventOf('creditGranted', draft.nowMs, { ...creditMembers(credit), availableCount }));
  }
  if (availableCount <= before.count || !draft.report('creditGranted')) return [];
  return [eventOf('creditGranted', draft.nowMs, { limit: 'resetCredit', availableCount })];
}

const expiring = 'creditExpiring:';

function expiryEvents(
  withinSecs: number,
  credits: readonly Credit[],
  availableCount: number,
  draft: EventDraft,
): LimitsEvent[] {
  return credits
    .filter(({ id, expiresAt }) => {
      const holds = typeof expiresAt === 'number' && expiresAt - draft.nowMs / 1000 <= withinSecs;
      return draft.begins(`${expiring}${withinSecs} ${id}`, holds);
    })
    .map((credit) => eventOf('creditExpiring', draft.nowMs, { ...creditMembers(credit), availableCount }));
}

function creditMembers({ id, expiresAt }: Credit): Partial<LimitsEvent> {
  return { limit: 'resetCredit', creditId: id, expiresAt: expiresAt ?? null };
}
