import type { Reply } from './exchange.js';
import type { InitialWindow } from './windows.js';
import { fiveHours, week } from './windows.js';

export const scenarioNames = [
  'fresh',
  'at-limit',
  'one-window',
  'no-credits',
  'blocked',
  'rate-limited',
  'server-error',
  'slow',
  'malformed',
  'expiring-login',
] as const;

export type ScenarioName = (typeof scenarioNames)[number];

export interface InitialCredit {
  readonly title: string | null;
  readonly description: string | null;
  /** Null: it never expires. */
  readonly expiresAfterDays: number | null;
}

export interface Scenario {
  /** One line for people. */
  readonly summary: string;
  readonly primary: InitialWindow | null;
  readonly secondary: InitialWindow | null;
  readonly credits: readonly InitialCredit[];
  /** Stops ordinary use whatever the windows say. */
  readonly spendLimit?: { readonly limit: string; readonly used: string };
  /** Answers every account endpoint in place of the account, which stays as it is; the issuer answers as ever. */
  readonly fault?: Reply;
  /** Every answer comes this much later; what it says and does is settled on arrival. */
  readonly delayMs?: number;
  /** The usage body ends in the middle. */
  readonly isUsageCut?: boolean;
  /** The access token of its dev home expires this much after the start, and the backend takes no expired one. */
  readonly loginExpiresAfterMs?: number;
}

const slowDelayMs = 3_000;
const retryAfterSeconds = 30;
const loginExpiresAfterMs = 120_000;

const monthly: InitialCredit = {
  title: 'Monthly reset',
  description: 'Resets your usage limits once.',
  expiresAfterDays: 20,
};
const bonus: InitialCredit = { title: 'Bonus reset', description: null, expiresAfterDays: 3 };
const lasting: InitialCredit = { title: null, description: null, expiresAfterDays: null };

const partlyUsed = {
  primary: { kind: fiveHours, usedPercent: 40, resetsAfterSeconds: 10_800 },
  secondary: { kind: week, usedPercent: 25, resetsAfterSeconds: 345_600 },
};

/** Credits are listed unsorted, for a client has to put the soonest expiry first itself. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  fresh: {
    summary: 'both windows begin at 0 %; one credit that never expires',
    primary: { kind: fiveHours, usedPercent: 0, resetsAfterSeconds: fiveHours.lengthSeconds },
    secondary: { kind: week, usedPercent: 0, resetsAfterSeconds: week.lengthSeconds },
    credits: [lasting],
  },
  'at-limit': {
    summary: 'both windows at 100 %; two credits, one of them expires in three days',
    primary: { kind: fiveHours, usedPercent: 100, resetsAfterSeconds: 7_200 },
    secondary: { kind: week, usedPercent: 100, resetsAfterSeconds: 259_200 },
    credits: [monthly, bonus],
  },
  'one-window': {
    summary: 'only a weekly window, in the first place; one credit',
    primary: partlyUsed.secondary,
    secondary: null,
    credits: [monthly],
  },
  'no-credits': { summary: 'both windows partly used; no credit', ...partlyUsed, credits: [] },
  blocked: {
    summary: 'a spend limit stops the account below 100 % of its windows; one credit',
    ...partlyUsed,
    credits: [monthly],
    spendLimit: { limit: '25', used: '25' },
  },
  'rate-limited': {
    summary: `every answer about the account is 429 with Retry-After: ${retryAfterSeconds}`,
    ...partlyUsed,
    credits: [monthly],
    fault: {
      status: 429,
      headers: { 'retry-after': String(retryAfterSeconds) },
      body: { detail: 'Too many requests' },
    },
  },
  'server-error': {
    summary: 'every answer about the account is 500, and nothing is redeemed',
    ...partlyUsed,
    credits: [monthly],
    fault: { status: 500, body: { detail: 'Internal server error' } },
  },
  slow: {
    summary: `every answer comes after ${slowDelayMs / 1000} seconds`,
    ...partlyUsed,
    credits: [monthly],
    delayMs: slowDelayMs,
  },
  malformed: {
    summary: 'the usage body is cut JSON; the other answers are whole',
    ...partlyUsed,
    credits: [monthly],
    isUsageCut: true,
  },
  'expiring-login': {
    summary: `the access token expires after ${loginExpiresAfterMs / 60_000} minutes, and is then refused`,
    ...partlyUsed,
    credits: [monthly],
    loginExpiresAfterMs,
  },
};
