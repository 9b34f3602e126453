import { expect, test } from 'vitest';
import { quietMs } from '../../src/limits/events/event-memory.js';
import { allRules, eventsOf, type Step } from './event-steps.js';

const minuteMs = 60_000;
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
      [33, { five: [76, late] }],
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
      ...{ kind: 'low', at: 60, limit: 'rateLimit', limitId: 'codex', windowDurationMins: 10_080 },
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
