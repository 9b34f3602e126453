import stringWidth from 'fast-string-width';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { usageView } from '../../../../src/cli/usage/view/view.js';
import { fullReport, plainTextStyle, readAt } from './reports.js';

const nowMs = readAt * 1000 + 12_000;

test('80 columns have one line for each window', () => {
  expect(usageView(fullReport(), nowMs, plainTextStyle).join('\n')).toBe(`● Allowed · plan pro

5 hours      ███████░░░░░░░░░   42 % used  resets 12:03, in 2 h 2 min
week         █░░░░░░░░░░░░░░░    5 % used  resets Sun 4 Jan, 14:00, in 3 d 3 h
spend limit  ██████░░░░░░░░░░   40 % used  resets Sun 1 Feb, 00:00, in 30 d 13 h
             10 of 25 used, 15 left

Extra model
5 hours      ███████████████░   99 % used  resets 10:30, in 29 min

Credits        12.50
Reset credits  3, soonest known expiry in 2 d 23 h
  credit-2  Bonus reset, expires Sun 4 Jan, 10:00, in 2 d 23 h
  credit-1  Reset credit, never expires
  and 1 more

Read 10:00:00, 12 s ago`);
});

test('20 columns have three lines for each window', () => {
  const block = { limit: 'rateLimit', windowDurationMins: 10_080, until: readAt + 273_600 } as const;
  const report = fullReport({ permission: 'blocked', block, budget: null });
  const lines = usageView(report, nowMs, { ...plainTextStyle, columns: 20 });
  expect(lines.slice(0, 13)).toEqual([
    '● Blocked until Sun',
    '4 Jan, 14:00: the',
    'rate limit is',
    'reached (week) ·',
    'plan pro',
    '',
    '5 hours    42 % used',
    '████████░░░░░░░░░░░░',
    'resets 12:03, in',
    '2 h 2 min',
    'week        5 % used',
    '█░░░░░░░░░░░░░░░░░░░',
    'resets Sun 4 Jan,',
  ]);
});

test('200 columns are not all used for bars', () => {
  const [, , window] = usageView(fullReport(), nowMs, { ...plainTextStyle, columns: 200 });
  expect(window).toBe(
    `5 hours      ${'█'.repeat(17)}${'░'.repeat(23)}   42 % used  resets 12:03, in 2 h 2 min`,
  );
});

test('without Unicode everything is ASCII, including names from the backend', () => {
  const report = fullReport();
  const limits = report.limits.map((limit) => ({ ...limit, limitName: limit.limitName && 'Modèle 拡張' }));
  const lines = usageView({ ...report, limits }, nowMs, { ...plainTextStyle, hasUnicode: false });
  expect(lines.join('\n')).toMatch(/^[\n -~]*$/);
  expect(lines).toContain('Modele ??');
  expect(lines[0]).toBe('Allowed - plan pro');
  expect(lines[2]).toContain('#######.........   42 % used');
});

test('there are colours only if the text style has them', () => {
  const coloured = usageView(fullReport(), nowMs, { ...plainTextStyle, hasColour: true });
  expect(coloured[0]).toBe('\u001b[32m● Allowed · plan pro\u001b[39m');
  expect(coloured.join('\n')).toContain('\u001b[31m█');
  expect(usageView(fullReport(), nowMs, plainTextStyle).join('')).not.toContain('\u001b');
});

test('a window whose reset time has passed is neither 0 nor 100 percent', () => {
  const later = (readAt + 1_800) * 1000;
  const lines = usageView(fullReport(), later, plainTextStyle);
  expect(lines).toContain(`5 hours      ${'░'.repeat(16)}    ? % used  was to reset 10:30`);
});

test.each([
  ['unknown', { permission: 'unknown' }, '● Not known whether use is allowed · plan pro'],
  [
    'blocked below 100 %',
    { permission: 'blocked', block: { limit: 'workspaceCredits', windowDurationMins: null, until: null } },
    '● Blocked: the workspace is out of credits · plan pro',
  ],
  [
    'blocked by the spend limit',
    {
      permission: 'blocked',
      block: { limit: 'spendLimit', windowDurationMins: null, until: readAt + 2_642_400 },
    },
    '● Blocked until Sun 1 Feb, 00:00: your spend limit is reached · plan pro',
  ],
  [
    'blocked for a reason that the backend does not name',
    { permission: 'blocked', block: { limit: null, windowDurationMins: null, until: null } },
    '● Blocked · plan pro',
  ],
  [
    'a limit that may not block',
    { permission: 'unknown', limitReached: 'rate_limit_reached' },
    '● Not known whether use is allowed: the rate limit is reached · plan pro',
  ],
  ['without a plan', { planType: null }, '● Allowed · plan unknown'],
] as const)(
  'the first line says whether use is allowed, whatever the percentages: %s',
  (_name, changes, line) => {
    expect(usageView(fullReport(changes), nowMs, plainTextStyle)[0]).toBe(line);
  },
);

test.each([
  ['no credits', { credits: { hasCredits: false, unlimited: false, balance: '0' } }, 'Credits        none'],
  [
    'endless credits',
    { credits: { hasCredits: true, unlimited: true, balance: null } },
    'Credits        unlimited',
  ],
  ['unknown credits', { credits: null }, 'Credits        unknown'],
  ['no spend limit', { spendLimit: null, budget: null }, 'Spend limit    none'],
  [
    'no word on a spend limit',
    { spendLimit: null, budget: null, spendLimitReached: null },
    'Spend limit    unknown',
  ],
  [
    'an unknown spend limit that is reached',
    { spendLimit: null, budget: null, spendLimitReached: true },
    'Spend limit    unknown, reached',
  ],
  [
    'no reset credits',
    { resetCredits: { availableCount: 0, soonestExpiresAt: null, credits: [], creditsOfUnknownExpiry: [] } },
    'Reset credits  none',
  ],
  [
    'only their count',
    {
      resetCredits: { availableCount: 2, soonestExpiresAt: null, credits: null, creditsOfUnknownExpiry: [] },
    },
    'Reset credits  2',
  ],
  ['not even that', { resetCredits: null }, 'Reset credits  unknown'],
])('%s', (_name, changes, line) => {
  expect(usageView(fullReport(changes), nowMs, plainTextStyle)).toContain(line);
});

test.each([
  ['behind', -100 * 86_400],
  ['ahead', 100 * 86_400],
])('with a clock that is %s no durations are shown, and a sentence says why', (_name, offSecs) => {
  const wrongAt = readAt + offSecs;
  const text = usageView(fullReport({ readAt: wrongAt }), wrongAt * 1000, {
    ...plainTextStyle,
    columns: 300,
  }).join('\n');
  expect(text).toMatch(
    /The reset times do not fit the clock of this machine, which says \d+ \w+ 202\d, 10:00: /,
  );
  expect(text).not.toMatch(/, in \d/);
});

test('a time that is not a date is shown as unknown', () => {
  const report = fullReport();
  const limits = [
    {
      limitId: 'codex',
      limitName: null,
      windows: [{ windowDurationMins: 300, usedPercent: 1, resetsAt: 2 ** 53, pace: null }],
    },
  ];
  expect(usageView({ ...report, limits }, nowMs, plainTextStyle).join('\n')).toContain(
    'resets at an unknown time',
  );
});

const anyText = fc.string({ unit: 'binary', maxLength: 60 });

test('no line is wider than the terminal, and no text of the backend controls it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 250 }),
      anyText,
      anyText,
      fc.integer(),
      fc.boolean(),
      (columns, name, title, percent, hasUnicode) => {
        const report = fullReport();
        const credits = (report.resetCredits?.credits ?? []).map((credit) => ({
          ...credit,
          id: name,
          title,
        }));
        const lines = usageView(
          {
            ...report,
            limits: report.limits.map((limit) => ({
              ...limit,
              limitName: name,
              windows: limit.windows.map((window) => ({ ...window, usedPercent: percent })),
            })),
            resetCredits: { availableCount: 9, soonestExpiresAt: null, credits, creditsOfUnknownExpiry: [] },
          },
          nowMs,
          { ...plainTextStyle, columns, hasUnicode },
        );
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
        expect(lines.join('')).not.toMatch(/\p{Cc}/u);
      },
    ),
  );
});
