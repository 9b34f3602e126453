import { listedCredits } from './credits.js';
import { limitIdOf, type LimitsOfRead, listLimits } from './snapshots.js';
import { type WindowMove, windowMove, type WindowUse } from './window-moves.js';
import type { LimitWindow, LimitWindows } from './windows.js';

interface Limit extends LimitWindows {
  readonly limitId: string | null;
  readonly individualLimit: BudgetUse | null;
}

/** A budget, as a read shows it. */
export interface BudgetUse {
  readonly limit: string;
  readonly used: string;
  readonly remainingPercent: number;
  /** Unix seconds. */
  readonly resetsAt: number;
}

/** A reset credit. Without `expiresAt` its expiry is unknown. */
export interface CreditState {
  readonly id: string;
  readonly status: string;
  /** Unix seconds; null if it never expires. */
  readonly expiresAt?: number | null | undefined;
}

/** The part of a read that is compared. */
export interface ReadState {
  readonly limits: LimitsOfRead<Limit>;
  readonly resetCredits: {
    /** The number without the details, which may have another one; null if it is not known. */
    readonly availableCount: number | null;
    /** Undefined if they are not listed. */
    readonly credits: readonly CreditState[] | undefined;
  };
  readonly readAtMs: number;
}

export type ReadChange = WindowChange | BudgetChange | ResetCreditsChange;

export interface WindowChange {
  readonly kind: 'window';
  readonly limitId: string;
  readonly windowDurationMins: number | null;
  /** Null if it is new, or was not known. */
  readonly before: WindowUse | null;
  /** Null if it has gone. */
  readonly after: WindowUse | null;
  /** Null if one of them is. */
  readonly move: WindowMove | null;
}

export interface BudgetChange {
  readonly kind: 'budget';
  readonly limitId: string;
  readonly before: BudgetUse | null;
  readonly after: BudgetUse | null;
}

export interface ResetCreditsChange {
  readonly kind: 'resetCredits';
  /** Null if it was not known. */
  readonly before: { readonly availableCount: number } | null;
  readonly after: { readonly availableCount: number };
  /** The credits that are new or have another status. Empty unless both reads have the list. */
  readonly added: readonly CreditState[];
  /** The credits that have gone. */
  readonly removed: readonly CreditState[];
}

/**
 * Lists what has changed since the read before: windows, budgets and reset credits. Without such a read everything is
 * new. A boundary that moves within its tolerance, or with the clock, does not count.
 */
export function changesBetween(before: ReadState | undefined, now: ReadState): ReadChange[] {
  const limits = listLimits(now.limits);
  const earlier = before ? listLimits(before.limits) : [];
  const gone = earlier.filter((limit) => !limits.some((each) => limitIdOf(each) === limitIdOf(limit)));
  return [
    ...limits.flatMap((limit) => {
      const known = earlier.find((each) => limitIdOf(each) === limitIdOf(limit));
      return limitChanges(limitIdOf(limit), known, limit, now.readAtMs);
    }),
    ...gone.flatMap((limit) => limitChanges(limitIdOf(limit), limit, undefined, now.readAtMs)),
    ...creditChanges(before?.resetCredits, now.resetCredits),
  ];
}

function limitChanges(
  limitId: string,
  before: Limit | undefined,
  now: Limit | undefined,
  nowMs: number,
): ReadChange[] {
  const [earlier, later] = [windowsByLength(before), windowsByLength(now)];
  const windows = [...new Set([...later.keys(), ...earlier.keys()])].flatMap((key) =>
    windowChange(limitId, earlier.get(key), later.get(key), nowMs),
  );
  const [budget, budgetNow] = [before?.individualLimit ?? null, now?.individualLimit ?? null];
  if (isSameValue(budget, budgetNow)) return windows;
  return [...windows, { kind: 'budget', limitId, before: budget, after: budgetNow }];
}

/** Maps the windows by their lengths. Only a window of unknown length is identified by its slot. */
function windowsByLength(limit: Limit | undefined): Map<string, LimitWindow> {
  const slots = limit ? Object.entries({ primary: limit.primary, secondary: limit.secondary }) : [];
  return new Map(
    slots.flatMap(([slot, window]) =>
      window ? [[window.windowDurationMins === null ? slot : `${window.windowDurationMins}`, window]] : [],
    ),
  );
}

function windowChange(
  limitId: string,
  before: LimitWindow | undefined,
  now: LimitWindow | undefined,
  nowMs: number,
): WindowChange[] {
  const windowDurationMins = (now ?? before)?.windowDurationMins ?? null;
  const change = { kind: 'window', limitId, windowDurationMins } as const;
  if (!before || !now) return [{ ...change, before: useOf(before), after: useOf(now), move: null }];
  const move = windowMove(before, now, nowMs);
  const isSameUse = before.usedPercent === now.usedPercent;
  if (move === 'used' && isSameUse) return [];
  return [{ ...change, before: useOf(before), after: useOf(now), move }];
}

function useOf(window: LimitWindow | undefined): WindowUse | null {
  return window ? { usedPercent: window.usedPercent, resetsAt: window.resetsAt } : null;
}

type ResetCredits = ReadState['resetCredits'];

function creditChanges(before: ResetCredits | undefined, now: ResetCredits): ResetCreditsChange[] {
  const { availableCount } = now;
  if (availableCount === null) return [];
  const earlier = before?.availableCount ?? null;
  const hasLists = before?.credits !== undefined && now.credits !== undefined;
  const added = hasLists ? missingIn(before.credits, now.credits) : [];
  const removed = hasLists
    ? before.credits.filter(({ id }) => !now.credits?.some((credit) => credit.id === id))
    : [];
  if (earlier === availableCount && added.length + removed.length === 0) return [];
  return [
    {
      kind: 'resetCredits',
      before: earlier === null ? null : { availableCount: earlier },
      after: { availableCount },
      added,
      removed,
    },
  ];
}

function missingIn(before: readonly CreditState[], now: readonly CreditState[]): CreditState[] {
  return now.filter(
    (credit) => !before.some(({ id, status }) => id === credit.id && status === credit.status),
  );
}

/** Takes what is compared out of the credits of a read. */
export function creditStates(
  summary: Parameters<typeof listedCredits<CreditState, CreditState>>[0],
): CreditState[] {
  return listedCredits(summary).map(({ id, status, expiresAt }) => ({
    id,
    status,
    ...(expiresAt !== undefined && { expiresAt }),
  }));
}

function isSameValue(one: BudgetUse | null, other: BudgetUse | null): boolean {
  return (
    one?.limit === other?.limit &&
    one?.used === other?.used &&
    one?.remainingPercent === other?.remainingPercent &&
    one?.resetsAt === other?.resetsAt
  );
}
