import type { Reply } from '../http/exchange.js';
import type { InitialWindow } from './windows.js';
import { fastFiveHours, fiveHours, thirtyDays, week } from './windows.js';

export const scenarioNames = [
  'fresh',
  'at-limit',
  'near-limit',
  'one-window',
  'no-credits',
  'free',
  'business',
  'blocked',
  'rate-limited',
  'server-error',
  'challenge',
  'slow',
  'malformed',
  'lost-consume',
  'expiring-login',
  'login-revoked',
] as const;

export type ScenarioName = (typeof scenarioNames)[number];

export interface InitialCredit {
  readonly title: string | null;
  readonly description: string | null;
  /** Null for a credit that never expires. */
  readonly expiresAfterDays: number | null;
}

/** The budget of a workspace member for each month, in whole units. At the limit it blocks ordinary use. */
export interface SpendLimit {
  readonly limit: number;
  readonly used: number;
}

export interface Scenario {
  /** One line for the help text. */
  readonly summary: string;
  /** Defaults to that of the default account. */
  readonly plan?: string;
  /** Whether the ordinary limit is the only one. */
  readonly hasOneLimit?: boolean;
  readonly primary: InitialWindow | null;
  readonly secondary: InitialWindow | null;
  readonly credits: readonly InitialCredit[];
  readonly spendLimit?: SpendLimit;
  /** The reply of every account endpoint. The account does not change. The issuer is not affected. */
  readonly fault?: Reply;
  /** The delay of every response. A request still takes effect when it arrives. */
  readonly delayMs?: number;
  /** Whether the usage body ends in the middle. */
  readonly isUsageTruncated?: boolean;
  /** The time after the start at which the access token of the dev home expires. The backend refuses expired tokens. */
  readonly loginExpiresAfterMs?: number;
  /** Whether the tokens of the dev home are revoked. The backend refuses them. */
  readonly isLoginRevoked?: boolean;
  /** How long after a redemption every answer to its key is lost. */
  readonly redemptionIsLostForMs?: number;
}

const slowDelayMs = 3_000;
const retryAfterSeconds = 30;
const loginExpiresAfterMs = 120_000;
const redemptionIsLostForMs = 10_000;

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

const bothFull = {
  primary: { kind: fiveHours, usedPercent: 100, resetsAfterSeconds: 7_200 },
  secondary: { kind: week, usedPercent: 100, resetsAfterSeconds: 259_200 },
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
    ...bothFull,
    credits: [monthly, bonus],
  },
  'near-limit': {
    summary:
      'the five-hour window goes from 78 to 100 % in 44 seconds and resets 2 minutes later; one credit',
    primary: { kind: fastFiveHours, usedPercent: 78, resetsAfterSeconds: 164 },
    secondary: { kind: week, usedPercent: 25, resetsAfterSeconds: 345_600 },
    credits: [monthly],
  },
  'one-window': {
    summary: 'only a weekly window, as the primary one; one credit',
    primary: partlyUsed.secondary,
    secondary: null,
    credits: [monthly],
  },
  'no-credits': { summary: 'both windows partly used; no credit', ...partlyUsed, credits: [] },
  free: {
    summary: 'the plan free: one window of 30 days, partly used; one credit',
    plan: 'free',
    hasOneLimit: true,
    primary: { kind: thirtyDays, usedPercent: 60, resetsAfterSeconds: 1_036_800 },
    secondary: null,
    credits: [monthly],
  },
  business: {
    summary: 'the plan business: no windows, a monthly budget of which 24 % are used; no credit',
    plan: 'business',
    hasOneLimit: true,
    primary: null,
    secondary: null,
    credits: [],
    spendLimit: { limit: 500, used: 120 },
  },
  blocked: {
    summary: 'blocked by a spend limit, both windows below 100 %; one credit',
    ...partlyUsed,
    credits: [monthly],
    spendLimit: { limit: 25, used: 25 },
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
  challenge: {
    summary: 'every response about the account is a challenge of Cloudflare, which only a browser can pass',
    ...partlyUsed,
    credits: [monthly],
    fault: {
      status: 403,
      headers: {
        'content-type': 'text/html; charset=UTF-8',
        server: 'cloudflare',
        'cf-mitigated': 'challenge',
        'cf-ray': '9f0c1d2e3f4a5b6c-FRA',
      },
      body: '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Enable JavaScript and cookies to continue</body></html>',
    },
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
  'lost-consume': {
    summary: `windows as at-limit; a redemption uses its credit, but for ${redemptionIsLostForMs / 1000} seconds no answer to its key arrives`,
    ...bothFull,
    credits: [monthly, bonus],
    redemptionIsLostForMs,
  },
  'expiring-login': {
    summary: `the access token expires after ${loginExpiresAfterMs / 60_000} minutes and is then refused`,
    ...partlyUsed,
    credits: [monthly],
    loginExpiresAfterMs,
  },
  'login-revoked': {
    summary: 'the login is revoked: its access token is refused, and so is every refresh',
    ...partlyUsed,
    credits: [monthly],
    isLoginRevoked: true,
  },
};
