import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../util/files/atomic-file.js';
import { array, number, object, readJsonText } from '../../util/reading.js';
import { type Redemption, redemption } from './redemption.js';
import { RedemptionError } from './error.js';
import { claimOf } from './state.js';
import { windowsAfter } from './windows.js';

export interface RedemptionJournal {
  /** All of them, the oldest first. @throws RedemptionError `journalInvalid`, `journalNewer`, `journalUnavailable` */
  read(): Redemption[];
  /** Adds the attempt, or puts it in the place of the one with its key. Safe on the disk once it returns. @throws the same */
  save(redemption: Redemption): void;
}

/**
 * Lists past and open attempts with this CODEX_HOME, of all accounts, the oldest first, their windows as of `nowMs`.
 *
 * @throws RedemptionError `journalInvalid`, `journalNewer`, `journalUnavailable`
 */
export function listRedemptions(codexHome: string, nowMs: number): Redemption[] {
  return readAttempts(journalPath(codexHome)).map((each) => ({
    ...each,
    windows: windowsAfter(each, null, nowMs),
  }));
}

/** The folder in CODEX_HOME that is ours. */
export function journalFolder(codexHome: string): string {
  return join(codexHome, 'account-server');
}

function journalPath(codexHome: string): string {
  return join(journalFolder(codexHome), 'redemptions.json');
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
  const json = textOf(path);
  return json === undefined ? [] : redemptionsIn(json, path);
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

const head = object({ version: number });
const document = object({ redemptions: array(redemption) });

function redemptionsIn(json: string, path: string): Redemption[] {
  const version = readJsonText(head, json)?.version ?? 0;
  if (version > currentVersion) {
    const message = `${path} is of a newer version of codex-account-server (${version})`;
    throw new RedemptionError('journalNewer', message);
  }
  const found = version === currentVersion ? readJsonText(document, json) : undefined;
  if (!found) {
    const advice = 'what it says of open attempts is lost; move it away once none can be open any more';
    throw new RedemptionError('journalInvalid', `${path} is broken: ${advice}`);
  }
  return found.redemptions;
}
