import { expect, test } from 'vitest';
import { emptyMemory, type EventMemory, quietMs } from '../../src/limits/event-memory.js';
import type { EventRule, LimitsEvent } from '../../src/limits/event-rules.js';
import { eventsOfFailure, eventsOfRead, type EventsRead } from '../../src/limits/events.js';

const minuteMs = 60_000;
const allRules: EventRule[] = [
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

interface Shape {
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
type Step = readonly [atMins: number, shape: Shape | string];

/** Runs the steps one after the other. Returns the events with the minute of each. */
function eventsOf(
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
    // What is remembered is stored as JSON.
    memory = JSON.parse(JSON.stringify(found.memory)) as EventMemory;
    all.push(...found.events);
    return found.events.map(
      ({ event, windowDurationMins, creditId }) =>
        `${mins} ${event}${windowDurationMins === null ? '' : ` ${windowDurationMins}`}${creditId === null ? '' : ` ${creditId}`}`,
    );
  });
  return { events, memory, all };
}

const late = 10_000_000;

test.each<[text: string, steps: Step[], events: string[]]>([
  ['nothing has happened', [[0, { five: [10, late] }]], []],
  [
    'a window falls below the thresholds',
    [
      [0, { five: [79, late] }],
      [1, { five: [80, late] }],
      [2, { five: [90, late] }],
      [3, { five: [95, late] }],
      [4, { five: [99, late] }],
    ],
    ['1 low 300', '3 critical 300'],
  ],
  [
    'a fall below both is one event',
    [
      [0, { five: [50, late] }],
      [1, { five: [97, late] }],
    ],
    ['1 critical 300'],
  ],
  ['what is low at the first read is reported', [[0, { week: [85, late] }]], ['0 low 10080']],
  [
    'a value that wavers about a threshold is reported once',
    [
      [0, { five: [80, late] }],
      [11, { five: [79, late] }],
      [22, { five: [80, late] }],
      [33, { five: [78, late] }],
      [44, { five: [80, late] }],
    ],
    ['0 low 300'],
  ],
  [
    'a window that starts again is reported, and may become low again',
    [
      [0, { five: [90, 6_000] }],
      [101, { five: [3, 24_000] }],
      [120, { five: [85, 24_000] }],
    ],
    ['0 low 300', '101 reset 300', '120 low 300'],
  ],
  [
    'an unused window, whose reset time moves with the clock, does not start again',
    [
      [0, { five: [0, 18_000] }],
      [60, { five: [0, 21_600] }],
    ],
    [],
  ],
  [
    'a window that has ended is neither low nor well',
    [
      [0, { five: [90, 60] }],
      [2, { five: [90, 60] }],
    ],
    ['0 low 300'],
  ],
  [
    'a block and its end',
    [
      [0, { allowed: true }],
      [1, { allowed: false, five: [100, late] }],
      [2, { allowed: null, five: [100, late] }],
      [3, { allowed: false, five: [100, late] }],
      [30, { allowed: true, five: [0, late] }],
    ],
    ['1 reached 300', '1 critical 300', '30 allowed', '30 reset 300'],
  ],
  [
    'blocked at the first read',
    [
      [0, { allowed: false }],
      [1, { allowed: false }],
    ],
    ['0 reached'],
  ],
  [
    'a block that comes back too soon is reported when that time has passed',
    [
      [0, { allowed: false }],
      [1, { allowed: true }],
      [2, { allowed: false }],
      [3, { allowed: true }],
      [4, { allowed: false }],
      [10, { allowed: false }],
      [12, { allowed: false }],
    ],
    ['0 reached', '1 allowed', '10 reached'],
  ],
  [
    'credits that are granted, listed or not',
    [
      [0, { credits: [['a', null]] }],
      [
        1,
        {
          credits: [
            ['a', null],
            ['b', null],
          ],
        },
      ],
      [
        2,
        {
          credits: [
            ['b', null],
            ['c', null],
          ],
        },
      ],
      [
        3,
        {
          credits: [
            ['a', null],
            ['b', null],
            ['c', null],
          ],
        },
      ],
      [4, { credits: 4 }],
      [
        5,
        {
          credits: [
            ['a', null],
            ['b', null],
            ['c', null],
            ['d', null],
          ],
        },
      ],
    ],
    ['1 creditGranted b', '2 creditGranted c', '4 creditGranted'],
  ],
  [
    'a credit that expires soon',
    [
      [
        0,
        {
          credits: [
            ['a', 90_000],
            ['b', null],
          ],
        },
      ],
      [
        100,
        {
          credits: [
            ['a', 90_000],
            ['b', null],
          ],
        },
      ],
      [
        200,
        {
          credits: [
            ['a', 90_000],
            ['b', null],
          ],
        },
      ],
      [1_600, { credits: [['b', null]] }],
    ],
    ['100 creditExpiring a'],
  ],
  [
    'a budget that is spent',
    [
      [0, { budget: 79 }],
      [1, { budget: 80 }],
      [2, { budget: 96 }],
      [3, { budget: 100 }],
    ],
    ['1 low', '1 spend', '2 critical', '3 reached'],
  ],
  [
    'failures',
    [
      [0, {}],
      [1, 'timedOut'],
      [2, 'timedOut'],
      [3, {}],
      [4, 'unauthorized'],
      [12, 'unauthorized'],
    ],
    ['1 failed', '12 failed'],
  ],
])('%s', (_text, steps, events) => {
  expect(eventsOf(steps).events).toEqual(events);
});

test('an event has what it is about, and when that resets', () => {
  const { all } = eventsOf([[1, { week: [85, 9_000] }]]);
  expect(all).toEqual([
    {
      ...{ event: 'low', at: 60, limit: 'rateLimit', limitId: 'codex', windowDurationMins: 10_080 },
      ...{ usedPercent: 85, leftPercent: 15, resetsAt: 9_000, creditId: null, expiresAt: null },
      ...{ availableCount: null, errorKind: null },
    },
  ]);
});

test('only the rules that are given make events', () => {
  const steps: Step[] = [
    [0, { five: [0, 6_000], credits: 0 }],
    [1, { five: [99, 6_000], allowed: false, credits: 1 }],
    [2, 'timedOut'],
  ];
  expect(eventsOf(steps, [{ kind: 'allowed' }]).events).toEqual([]);
});

test('a restart does not report again, and the clock may be put back', () => {
  const first = eventsOf([[100, { five: [90, late], allowed: false }]]);
  const again: Step[] = [
    [50, { five: [90, late], allowed: false }],
    [110, { five: [90, late], allowed: false }],
  ];
  expect(eventsOf(again, allRules, first.memory).events).toEqual([]);
  expect(quietMs).toBe(10 * minuteMs);
});
