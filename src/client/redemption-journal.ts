import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../util/atomic-file.js';
import { RedemptionError } from './redemption-error.js';
import { claimOf, type RedemptionState, redemptionStates } from './redemption-state.js';
import type { RedemptionWindow } from './redemption-windows.js';

/** Whose credit it is. Not an e-mail address, and nothing that signs anybody in. */
export interface RedemptionAccount {
  readonly accountId: string;
  /** Null where the server does not tell it. */
  readonly userId: string | null;
}

/** One attempt to redeem a credit. */
export interface Redemption {
  /** The idempotency key, made for this attempt and sent with each request of it. */
  readonly key: string;
  readonly account: RedemptionAccount;
  /** Null: the backend chooses. */
  readonly creditId: string | null;
  readonly state: RedemptionState;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** When the outcome was known; null where no credit is known to be used. */
  readonly redeemedAtMs: number | null;
  readonly windows: readonly RedemptionWindow[];
}

export interface RedemptionJournal {
  /** All of them, the oldest first. @throws RedemptionError `journalInvalid`, `journalNewer`, `journalUnavailable` */
  read(): Redemption[];
  /** Adds the attempt, or puts it in the place of the one with its key. Safe on the disk once it returns. @throws the same */
  save(redemption: Redemption): void;
}

/** The folder in CODEX_HOME that is ours. */
export function journalFolder(codexHome: string): string {
  return join(codexHome, 'account-server');
}

const currentVersion = 1;

/** Older attempts are dropped, unless they still claim something. */
const maxRedemptions = 500;

/** Keeps `redemptions.json` of a CODEX_HOME: mode 0600, replaced as a whole. Who saves holds the lock. */
export function openJournal(options: {
  codexHome: string;
  nowMs: () => number;
  random: () => number;
}): RedemptionJournal {
  const folder = journalFolder(options.codexHome);
  const path = join(folder, 'redemptions.json');

  function read(): Redemption[] {
    const text = textOf(path);
    return text === undefined ? [] : redemptionsIn(text, path);
  }

  return {
    read,
    save(redemption) {
      const all = read();
      const index = all.findIndex(({ key }) => key === redemption.key);
      if (index < 0) all.push(redemption);
      else all[index] = redemption;
      const kept = all.filter(
        (each, place) => place >= all.length - maxRedemptions || claimOf(each, options.nowMs()) !== 'none',
      );
      const document = { version: currentVersion, redemptions: kept };
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        replaceFile(path, `${JSON.stringify(document, null, 2)}\n`, options);
      } catch (cause) {
        throw unavailable('written', path, cause);
      }
    },
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unavailable('read', path, cause);
  }
}

function unavailable(verb: string, path: string, cause: unknown): RedemptionError {
  const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
  return new RedemptionError('journalUnavailable', `${path} cannot be ${verb} (${code})`, { cause });
}

function redemptionsIn(text: string, path: string): Redemption[] {
  const { version, redemptions } = documentIn(text);
  if (typeof version === 'number' && version > currentVersion) {
    const message = `${path} is of a newer version of codex-account-server (${version})`;
    throw new RedemptionError('journalNewer', message);
  }
  if (version !== currentVersion || !Array.isArray(redemptions) || !redemptions.every(isRedemption)) {
    const advice = 'what it says of open attempts is lost; move it away once none can be open any more';
    throw new RedemptionError('journalInvalid', `${path} is broken: ${advice}`);
  }
  return redemptions;
}

function documentIn(text: string): { version?: unknown; redemptions?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}

function isRedemption(value: unknown): value is Redemption {
  const { key, account, creditId, state, startedAtMs, updatedAtMs, redeemedAtMs, windows } = (value ??
    {}) as Partial<Record<keyof Redemption, unknown>>;
  const { accountId, userId } = (account ?? {}) as Partial<Record<keyof RedemptionAccount, unknown>>;
  return (
    typeof key === 'string' &&
    typeof accountId === 'string' &&
    isNullOr('string', userId) &&
    isNullOr('string', creditId) &&
    redemptionStates.some((each) => each === state) &&
    typeof startedAtMs === 'number' &&
    typeof updatedAtMs === 'number' &&
    isNullOr('number', redeemedAtMs) &&
    Array.isArray(windows) &&
    windows.every(isWindow)
  );
}

function isWindow(value: unknown): value is RedemptionWindow {
  const { slot, windowDurationMins, usedPercent, resetsAt, verdict } = (value ?? {}) as Partial<
    Record<keyof RedemptionWindow, unknown>
  >;
  return (
    ['primary', 'secondary'].includes(slot as string) &&
    isNullOr('number', windowDurationMins) &&
    typeof usedPercent === 'number' &&
    isNullOr('number', resetsAt) &&
    ['verified', 'pending', 'unmoved'].includes(verdict as string)
  );
}

function isNullOr(type: 'string' | 'number', value: unknown): boolean {
  return value === null || typeof value === type;
}
