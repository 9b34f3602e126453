import type { Reply } from '../http/exchange.js';
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
  /** Null for a credit that never expires. */
  readonly expiresAfterDays: number | null;
}

export interface Scenario {
  /** One line for the help text. */
  readonly summary: string;
  readonly primary: InitialWindow | null;
  readonly secondary: InitialWindow | null;
  readonly credits: readonly InitialCredit[];
  /** Blocks ordinary use, whatever the windows are. */
  readonly spendLimit?: { readonly limit: string; readonly used: string };
  /** The reply of every account endpoint. The account does not change. The issuer is not affected. */
  readonly fault?: Reply;
  /** The delay of every response. A request still takes effect when it arrives. */
  readonly delayMs?: number;
  /** Whether the usage body ends in the middle. */
  readonly isUsageTruncated?: boolean;
  /** The time after the start at which the access token of the dev home expires. The backend refuses expired tokens. */
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
const permanent: InitialCredit = { title: null, description: null, expiresAfterDays: null };

const partlyUsed = {
  primary: { kind: fiveHours, usedPercent: 40, resetsAfterSeconds: 10_800 },
  secondary: { kind: week, usedPercent: 25, resetsAfterSeconds: 345_600 },
};

/** Credits are not sorted by expiry, because clients must sort them. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  fresh: {
    summary: 'both windows start at 0 %; one credit that never expires',
    primary: { kind: fiveHours, usedPercent: 0, resetsAfterSeconds: fiveHours.lengthSeconds },
    secondary: { kind: week, usedPercent: 0, resetsAfterSeconds: week.lengthSeconds },
    credits: [permanent],
  },
  'at-limit': {
    summary: 'both windows at 100 %; two credits, one expires in three days',
    primary: { kind: fiveHours, usedPercent: 100, resetsAfterSeconds: 7_200 },
    secondary: { kind: week, usedPercent: 100, resetsAfterSeconds: 259_200 },
    credits: [monthly, bonus],
  },
  'one-window': {
    summary: 'only a weekly window, as the primary one; one credit',
    primary: partlyUsed.secondary,
    secondary: null,
    credits: [monthly],
  },
  'no-credits': { summary: 'both windows partly used; no credit', ...partlyUsed, credits: [] },
  blocked: {
    summary: 'blocked by a spend limit, both windows below 100 %; one credit',
    ...partlyUsed,
    credits: [monthly],
    spendLimit: { limit: '25', used: '25' },
  },
  'rate-limited': {
    summary: `every response about the account is 429 with Retry-After: ${retryAfterSeconds}`,
    ...partlyUsed,
    credits: [monthly],
    fault: {
      status: 429,
      headers: { 'retry-after': String(retryAfterSeconds) },
      body: { detail: 'Too many requests' },
    },
  },
  'server-error': {
    summary: 'every response about the account is 500; nothing is redeemed',
    ...partlyUsed,
    credits: [monthly],
    fault: { status: 500, body: { detail: 'Internal server error' } },
  },
  slow: {
    summary: `every response comes after ${slowDelayMs / 1000} seconds`,
    ...partlyUsed,
    credits: [monthly],
    delayMs: slowDelayMs,
  },
  malformed: {
    summary: 'the usage response is truncated JSON; the others are complete',
    ...partlyUsed,
    credits: [monthly],
    isUsageTruncated: true,
  },
  'expiring-login': {
    summary: `the access token expires after ${loginExpiresAfterMs / 60_000} minutes and is then refused`,
    ...partlyUsed,
    credits: [monthly],
    loginExpiresAfterMs,
  },
};
