import type { TextStyle } from '../../../../src/cli/terminal/text-style.js';
import type { UsageReport } from '../../../../src/protocol/schema/reports/usage-report.js';

/** The time of the report: a Thursday, 10:00 UTC. */
export const readAt = Date.parse('2026-01-01T10:00:00Z') / 1000;

export const plainTextStyle: TextStyle = {
  columns: 80,
  hasColour: false,
  hasUnicode: true,
  timeZone: 'UTC',
  locale: 'en-GB',
};

/** Returns a report in which every member has a value. */
export function fullReport(changes: Partial<UsageReport> = {}): UsageReport {
  return {
    version: 1,
    readAt,
    isCached: false,
    permission: 'allowed',
    block: null,
    tightest: { limit: 'rateLimit', windowDurationMins: 300, usedPercent: 42, resetsAt: readAt + 7_380 },
    limitReached: null,
    accountId: 'account-dev',
    planType: 'pro',
    limits: [
      {
        limitId: 'codex',
        limitName: null,
        windows: [
          { windowDurationMins: 300, usedPercent: 42, resetsAt: readAt + 7_380, pace: null },
          { windowDurationMins: 10_080, usedPercent: 5, resetsAt: readAt + 273_600, pace: null },
        ],
      },
      {
        limitId: 'codex_extra',
        limitName: 'Extra model',
        windows: [{ windowDurationMins: 300, usedPercent: 99, resetsAt: readAt + 1_800, pace: null }],
      },
    ],
    credits: { hasCredits: true, unlimited: false, balance: '12.50' },
    spendLimit: { limit: '25', used: '10', remainingPercent: 60, resetsAt: readAt + 2_642_400 },
    budget: {
      ...{ limit: '25', used: '10', left: '15', usedPercent: 40, resetsAt: readAt + 2_642_400 },
      pace: null,
    },
    spendLimitReached: false,
    resetCredits: {
      availableCount: 3,
      soonestExpiresAt: readAt + 259_200,
      credits: [credit('credit-2', 'Bonus reset', readAt + 259_200), credit('credit-1', null, null)],
      creditsOfUnknownExpiry: [],
    },
    resetWouldHelp: false,
    ...changes,
  };
}

function credit(id: string, title: string | null, expiresAt: number | null) {
  return {
    id,
    resetType: 'codexRateLimits',
    status: 'available',
    grantedAt: readAt - 86_400,
    expiresAt,
    title,
    description: null,
  } as const;
}
