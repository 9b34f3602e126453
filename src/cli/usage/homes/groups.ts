import type { UsageChoice } from '../arguments.js';
import { reportNow, usageExitCode } from '../output.js';
import type { UsageState } from '../state.js';
import { gateExitCode } from '../gate/gate.js';
import type { NamedHome } from './named.js';

/** A folder, and what has been read with it. */
export interface HomeState {
  /** The homes that are this folder, in their order. */
  readonly names: readonly [NamedHome, ...NamedHome[]];
  /** The account of the login; undefined if it is not known without a request. */
  readonly account: string | undefined;
  readonly state: UsageState;
  /** Grows with each change of a state. */
  readonly sequence: number;
}

/** Returns a text that is the same for two logins with the same account, user and backend. */
export function accountKey(account: {
  readonly accountId: string;
  readonly userId: string;
  readonly baseUrl: string;
}): string {
  return JSON.stringify([account.accountId, account.userId, account.baseUrl]);
}

/** Homes with the same limits. */
export interface HomeGroup {
  /** In the order of the arguments. */
  readonly names: readonly [GroupedHome, ...GroupedHome[]];
  readonly state: UsageState;
}

export interface GroupedHome extends NamedHome {
  /** The thing that the home shares with the first one of its group; null for the first one. */
  readonly same: 'folder' | 'account' | null;
}

/** Puts homes with the same account into one group, with the newest of their states. The order is that of the arguments. */
export function groupHomes(homes: readonly HomeState[]): HomeGroup[] {
  const groups: [HomeState, ...HomeState[]][] = [];
  for (const home of homes) {
    const group = groups.find(([first]) => isSameAccount(first, home));
    if (group) group.push(home);
    else groups.push([home]);
  }
  return groups.map((group) => {
    const [first, ...others] = group;
    const [firstName, ...sameFolder] = first.names;
    const names = [
      ...sameFolder.map((name) => ({ ...name, same: 'folder' as const })),
      ...others.flatMap((home) => home.names.map((name) => ({ ...name, same: 'account' as const }))),
    ];
    const newest = others.reduce<HomeState>(
      (best, home) => (home.sequence > best.sequence ? home : best),
      first,
    );
    return {
      names: [{ ...firstName, same: null }, ...names.toSorted((one, other) => one.position - other.position)],
      state: newest.state,
    };
  });
}

/**
 * Returns whether an error is about one home, and not about its account: another home of the same account may have more
 * success.
 */
export function concernsHome(kind: string): boolean {
  return !accountErrors.has(kind);
}

/** The backend has answered with an error, or not in time. */
const accountErrors = new Set(['rateLimited', 'backendStatus', 'badReply', 'timedOut']);

/**
 * Returns the exit code of several homes: that of a failure, which someone has to look into, then signed out, then
 * blocked, then too little left, then unknown.
 */
export function homesExitCode(
  groups: readonly HomeGroup[],
  nowMs: number,
  { output, gate }: Pick<UsageChoice, 'output' | 'gate'>,
): number {
  const codes = groups.map(({ state }) =>
    gate
      ? gateExitCode(state, gate, nowMs)
      : usageExitCode({ report: reportNow(state, nowMs), failure: state.failure }, output, true),
  );
  return exitCodesByWeight.find((code) => codes.includes(code)) ?? 0;
}

const exitCodesByWeight = [1, 5, 3, 6, 4];

function isSameAccount(one: HomeState, other: HomeState): boolean {
  return (
    one.account !== undefined &&
    one.account === other.account &&
    ![one, other].some(({ state: { failure } }) => failure && concernsHome(failure.error.kind))
  );
}
