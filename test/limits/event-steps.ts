import { emptyMemory, type EventMemory } from '../../src/limits/events/event-memory.js';
import type { EventRule, LimitsEvent } from '../../src/limits/events/event-rules.js';
import { eventsOfFailure, eventsOfRead, type EventsRead } from '../../src/limits/events/events.js';

const minuteMs = 60_000;
export const allRules: EventRule[] = [
  { kind: 'low', leftPercent: 20 },
  { kind: 'critical', leftPercent: 5 },
  { kind: 'reached' },
  { kind: 'allowed' },
  { kind: 'reset' },
  { kind: 'creditGranted' },
  { kind: 'creditExpiring', withinSecs: 86_400 },
  { kind: 'spend', usedPercent: 80 },
  { kind: 'failed' },
];

export interface Shape {
  /** Used percent and reset time in seconds of the five hours. */
  readonly five?: readonly [used: number, resetsAt: number];
  readonly week?: readonly [used: number, resetsAt: number];
  readonly allowed?: boolean | null;
  readonly credits?: readonly (readonly [id: string, expiresAt: number | null])[] | number;
  readonly budget?: number;
}

function readOf({ five, week, allowed = true, credits, budget }: Shape): EventsRead {
  const window = (mins: number, [usedPercent, resetsAt]: readonly [number, number]) => ({
    ...{ windowDurationMins: mins, usedPercent, resetsAt },
  });
  const rateLimits = {
    limitId: 'codex',
    primary: five ? window(300, five) : null,
    secondary: week ? window(10_080, week) : null,
    rateLimitReachedType: null,
    spendControlReached: budget === undefined ? null : budget >= 100,
    individualLimit:
      budget === undefined
        ? null
        : { limit: '100', used: `${budget}`, remainingPercent: 100 - budget, resetsAt: 9_000_000 },
    credits: null,
  };
  const listed = typeof credits === 'object' ? credits : undefined;
  return {
    rateLimits,
    rateLimitsByLimitId: null,
    ordinaryUsageAllowed: allowed,
    rateLimitResetCredits:
      credits === undefined
        ? null
        : {
            availableCount: listed?.length ?? Number(credits),
            credits: listed?.map(([id, expiresAt]) => ({ id, expiresAt, status: 'available' })) ?? null,
          },
  };
}

/** A read, or the kind of an error, some minutes after the start. */
export type Step = readonly [atMins: number, shape: Shape | string];

/** Runs the steps one after the other. Returns the events with the minute of each. */
export function eventsOf(
  steps: readonly Step[],
  rules: readonly EventRule[] = allRules,
  start: EventMemory = emptyMemory,
): {
  readonly events: readonly string[];
  readonly memory: EventMemory;
  readonly all: readonly LimitsEvent[];
} {
  let memory = start;
  const all: LimitsEvent[] = [];
  const events = steps.flatMap(([mins, shape]) => {
    const nowMs = mins * minuteMs;
    const found =
      typeof shape === 'string'
        ? eventsOfFailure(memory, shape, rules, nowMs)
        : eventsOfRead(memory, readOf(shape), rules, nowMs);
    // The memory is stored as JSON.
    memory = JSON.parse(JSON.stringify(found.memory)) as EventMemory;
    all.push(...found.events);
    return found.events.map(
      ({ kind, windowDurationMins, creditId }) =>
        `${mins} ${kind}${windowDurationMins === null ? '' : ` ${windowDurationMins}`}${creditId === null ? '' : ` ${creditId}`}`,
    );
  });
  return { events, memory, all };
}
