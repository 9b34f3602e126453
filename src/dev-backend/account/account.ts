import type { CreditLedger, ResetCredit } from './credit-ledger.js';
import { createCreditLedger, recordRedemption, replaceCredits, usableCredit } from './credit-ledger.js';
import type { Identity } from '../identity.js';
import type { InitialCredit, Scenario, SpendLimit } from './scenarios.js';
import type { Window } from './windows.js';
import { currentWindow, fiveHours, openWindow, resetWindow, usedPercent } from './windows.js';

/** An account that the backend serves. */
export interface Account extends AccountState {
  readonly identity: Identity;
  readonly ledger: CreditLedger;
}

/** The part of an account that a scenario sets. Its windows are replaced when they reset. */
interface AccountState {
  primary: Window | null;
  secondary: Window | null;
  plan: string;
  /** The window of the additional limit, or null for none. No credit resets it. */
  extra: Window | null;
  spendLimit: SpendLimit | null;
}

export interface RedeemAttempt {
  readonly key: string;
  readonly creditId: string | undefined;
}

export interface RedeemResult {
  readonly code: 'reset' | 'nothing_to_reset' | 'no_credit' | 'already_redeemed';
  readonly windowsReset: number;
}

const dayMs = 86_400_000;

export function openAccount(scenario: Scenario, identity: Identity, nowMs: number): Account {
  const ledger = createCreditLedger(creditsOf(scenario, 0, nowMs));
  return { identity, ledger, ...stateIn(scenario, identity, nowMs) };
}

/**
 * Puts an account into the state in which a scenario starts. Its credits are new ones. The keys that have redeemed stay
 * known, so that none of them redeems again.
 */
export function reopenAccount(account: Account, scenario: Scenario, nowMs: number): void {
  const { identity, ledger } = account;
  Object.assign(account, stateIn(scenario, identity, nowMs));
  replaceCredits(ledger, (grantedCount) => creditsOf(scenario, grantedCount, nowMs));
}

function stateIn(scenario: Scenario, identity: Identity, nowMs: number): AccountState {
  return {
    primary: scenario.primary && openWindow(scenario.primary, nowMs),
    secondary: scenario.secondary && openWindow(scenario.secondary, nowMs),
    plan: scenario.plan ?? identity.plan,
    extra: scenario.hasOneLimit
      ? null
      : openWindow({ kind: fiveHours, usedPercent: 10, resetsAfterSeconds: 9_000 }, nowMs),
    spendLimit: scenario.spendLimit ?? null,
  };
}

/** Grants the credits of a scenario. They are numbered on from those that were granted before. */
function creditsOf(scenario: Scenario, grantedCount: number, nowMs: number): ResetCredit[] {
  return scenario.credits.map((start, index) => grantCredit(start, grantedCount + index + 1, nowMs));
}

/**
 * Redeems one credit, by these rules in this order:
 *
 * 1. A key that has already redeemed: `already_redeemed`, whatever credit is named.
 * 2. No usable credit: `no_credit`, even if there is nothing to reset.
 * 3. No window above 0 %: `nothing_to_reset`.
 * 4. Otherwise `reset`: the credit is used, and every window above 0 % restarts at 0 % with its full length. A window
 *    at 0 % keeps its reset time.
 *
 * Only a `reset` uses up the key: it can still redeem after `no_credit` or `nothing_to_reset`. This function must stay
 * synchronous, so that concurrent attempts with one key redeem once.
 */
export function redeem(account: Account, attempt: RedeemAttempt, nowMs: number): RedeemResult {
  const { ledger } = account;
  if (ledger.creditIdByKey.has(attempt.key)) return { code: 'already_redeemed', windowsReset: 0 };
  const credit = usableCredit(ledger, attempt.creditId, nowMs);
  if (credit === undefined) return { code: 'no_credit', windowsReset: 0 };
  const windowsReset = resetUsedWindows(account, nowMs);
  if (windowsReset === 0) return { code: 'nothing_to_reset', windowsReset };
  recordRedemption(ledger, attempt.key, credit, nowMs);
  return { code: 'reset', windowsReset };
}

function resetUsedWindows(account: Account, nowMs: number): number {
  let windowsReset = 0;
  for (const slot of ['primary', 'secondary'] as const) {
    const window = account[slot] && currentWindow(account[slot], nowMs);
    if (window === null || usedPercent(window, nowMs) === 0) continue;
    account[slot] = resetWindow(window, nowMs);
    windowsReset += 1;
  }
  return windowsReset;
}

function grantCredit(start: InitialCredit, number: number, nowMs: number): ResetCredit {
  return {
    id: `credit-${number}`,
    title: start.title,
    description: start.description,
    grantedAtMs: nowMs - dayMs,
    expiresAtMs: start.expiresAfterDays === null ? null : nowMs + start.expiresAfterDays * dayMs,
  };
}
