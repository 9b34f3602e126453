import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../util/files/atomic-file.js';
import { array, number, object, readJsonText } from '../../util/reading.js';
import { type Redemption, redemption } from './redemption.js';
import { RedemptionError } from './error.js';
import { claimOf } from './state.js';
import { windowsAfter } from './windows.js';

/** The record of all attempts with a CODEX_HOME. */
export interface RedemptionJournal {
  /**
   * Lists all attempts, the oldest first.
   *
   * @throws RedemptionError `journalInvalid`, `journalNewer`, `journalUnavailable`
   */
  read(): Redemption[];
  /** Adds an attempt, or replaces the one with the same key, safe from a power cut. @throws as `read` does */
  save(redemption: Redemption): void;
}

/**
 * Lists all attempts with a CODEX_HOME, of all accounts, the oldest first, with their windows as of `nowMs`.
 *
 * @throws RedemptionError `journalInvalid`, `journalNewer`, `journalUnavailable`
 */
export function listRedemptions(codexHome: string, nowMs: number): Redemption[] {
  return readAttempts(journalPath(codexHome)).map((each) => ({
    ...each,
    windows: windowsAfter(each, null, nowMs),
  }));
}

/** Returns the folder of this package in CODEX_HOME. */
export function journalFolder(codexHome: string): string {
  return join(codexHome, 'account-server');
}

function journalPath(codexHome: string): string {
  return join(journalFolder(codexHome), 'redemptions.json');
}

const currentVersion = 1;

/** Older attempts are dropped, unless they are open or their windows may still move. */
const maxRedemptions = 500;

/**
 * Opens `redemptions.json` of a CODEX_HOME. It has mode 0600 and is replaced as a whole. Callers of `save` must hold the
 * lock.
 */
export function openJournal(options: {
  codexHome: string;
  nowMs: () => number;
  random: () => number;
}): RedemptionJournal {
  const folder = journalFolder(options.codexHome);
  const path = journalPath(options.codexHome);
  return {
    read: () => readAttempts(path),
    save(changed) {
      const all = readAttempts(path);
      const index = all.findIndex(({ key }) => key === changed.key);
      if (index < 0) all.push(changed);
      else all[index] = changed;
      const kept = all.filter(
        (each, place) => place >= all.length - maxRedemptions || claimOf(each, options.nowMs()) !== 'none',
      );
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        replaceFile(
          path,
          `${JSON.stringify({ version: currentVersion, redemptions: kept }, null, 2)}\n`,
          options,
        );
      } catch (cause) {
        throw unavailable('written', path, cause);
      }
    },
  };
}

function readAttempts(path: string): Redemption[] {
  const json = readText(path);
  return json === undefined ? [] : parseJournal(json, path);
}

function readText(path: string): string | undefined {
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

const head = object({ version: number });
const document = object({ redemptions: array(redemption) });

function parseJournal(json: string, path: string): Redemption[] {
  const version = readJsonText(head, json)?.version ?? 0;
  if (version > currentVersion) {
    const message = `${path} was written by a newer version of codex-account-server (format ${version})`;
    throw new RedemptionError('journalNewer', message);
  }
  const found = version === currentVersion ? readJsonText(document, json) : undefined;
  if (!found) {
    const advice = 'it may contain an open attempt; move it away once you know that none is open';
    throw new RedemptionError('journalInvalid', `${path} is broken: ${advice}`);
  }
  return found.redemptions;
}
