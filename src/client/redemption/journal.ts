import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accountFolder, accountFolderName, realPath } from '../../util/files/account-folder.js';
import { prepareReplacement } from '../../util/files/atomic-file.js';
import { readSmallFile } from '../../util/files/small-file.js';
import type { RedemptionConsent } from '../record/consent.js';
import { isAhead, notAfter, type Redemption } from '../record/redemption.js';
import { RedemptionError } from '../record/error.js';
import { emptyJournal, type JournalContent, journalFromText, journalText } from './journal-text.js';
import { claimOf } from '../record/state.js';
import { windowsAfter } from '../record/windows.js';

/** The record of all attempts with a login. */
export interface RedemptionJournal {
  /** Reads the journal. @throws RedemptionError `journalInvalid`, `journalNewer`, `journalUnavailable` */
  read(): JournalContent;
  /**
   * Adds a new attempt, safe from a power cut. Returns it with its number.
   *
   * @param ifSequence the number of the last change that the caller knows of
   * @throws RedemptionError `anotherIsOpen` if there was another change since; as `read` does
   */
  begin(attempt: Omit<Redemption, 'sequence'>, ifSequence: number): Redemption;
  /**
   * Changes an attempt. Keeps what other processes have written.
   *
   * @param change receives the attempt as it is in the journal, or as given if the journal has lost it
   * @throws as `read` does
   */
  change(attempt: Redemption, change: (stored: Redemption) => Redemption): Redemption;
  /** Replaces the consents. The caller must hold the lock. @throws as `read` does */
  changeConsents(change: (before: readonly RedemptionConsent[]) => readonly RedemptionConsent[]): void;
  /** Adds the open attempts of another journal of this CODEX_HOME, from before auth.json was a link. @throws as `read` */
  adopt(): void;
  /** Replaces the times that are in the future by the present: the clock was ahead. @throws as `read` does */
  correctTimes(): void;
}

/**
 * Lists all attempts in the journal of a CODEX_HOME, of all accounts, the oldest first, with their windows as of
 * `nowMs`.
 *
 * @throws RedemptionError `journalInvalid`, `journalNewer`, `journalUnavailable`
 */
export function listRedemptions(codexHome: string, nowMs: number): Redemption[] {
  return readContent(journalPath(codexHome)).redemptions.map((each) => ({
    ...each,
    windows: windowsAfter(each, null, nowMs),
  }));
}

/** Lists all consents in the journal of a CODEX_HOME, the oldest first. @throws as `listRedemptions` does */
export function listConsents(codexHome: string): readonly RedemptionConsent[] {
  return readContent(journalPath(codexHome)).consents;
}

/** Returns the number of the last change in the journal of a CODEX_HOME; 0 if it cannot be read. */
export function journalSequence(codexHome: string): number {
  try {
    return readContent(journalPath(codexHome)).sequence;
  } catch (error) {
    if (error instanceof RedemptionError) return 0;
    throw error;
  }
}

export const journalFileName = 'redemptions.json';

function journalPath(codexHome: string): string {
  return join(accountFolder(codexHome), journalFileName);
}

const changedMeanwhile = new Error('another process has changed the journal');

/** Many times the size of a journal with the most attempts. */
const maxBytes = 8 * 1024 * 1024;

/** Older attempts are dropped, unless they are open or their windows may still move. */
const maxRedemptions = 500;

/** How often a change is tried again if another process changes the file at the same moment. */
const maxWrites = 5;

/**
 * Opens `redemptions.json` of a CODEX_HOME. It has mode 0600 and is replaced as a whole. Callers that change it must hold
 * the lock.
 */
export function openJournal(options: {
  codexHome: string;
  /** As `accountFolder` has returned it. */
  folder: string;
  nowMs: () => number;
  random: () => number;
}): RedemptionJournal {
  const { nowMs } = options;
  const path = join(options.folder, journalFileName);

  /** Writes what `change` returns, unless another process writes at the same moment: then it starts again. */
  function write<T>(change: (before: JournalContent) => { after: JournalContent; result: T }): T {
    for (let count = 1; ; count += 1) {
      const text = readText(path);
      const { after, result } = change(contentOf(text, path));
      if (replaceIfSame(text, journalText(trimmed(after, nowMs())))) return result;
      if (count === maxWrites) throw unavailable('written', path, new Error('it changes too often'));
    }
  }

  function replaceIfSame(before: string | undefined, text: string): boolean {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const replacement = prepareReplacement(path, options);
      try {
        replacement.commit(text, () => {
          if (readText(path) !== before) throw changedMeanwhile;
        });
        return true;
      } finally {
        replacement.discard();
      }
    } catch (cause) {
      if (cause === changedMeanwhile) return false;
      throw cause instanceof RedemptionError ? cause : unavailable('written', path, cause);
    }
  }

  return {
    read: () => readContent(path),
    begin: (attempt, ifSequence) =>
      write((before) => {
        if (before.sequence !== ifSequence) {
          throw new RedemptionError('anotherIsOpen', 'another process has changed the journal');
        }
        const sequence = before.sequence + 1;
        const result = { ...attempt, sequence };
        const redemptions = [...before.redemptions, result];
        return { after: { ...before, sequence, redemptions }, result };
      }),
    change: (attempt, change) =>
      write((before) => {
        const known = before.redemptions.find(({ key }) => key === attempt.key);
        const stored = known ?? attempt;
        const changed = change(stored);
        if (known && changed === known) return { after: before, result: known };
        const sequence = before.sequence + 1;
        const isOutcomeKnown = claimOf(stored, 0) !== 'repeat';
        const result = { ...changed, sequence: isOutcomeKnown ? stored.sequence : sequence };
        const redemptions = known
          ? before.redemptions.map((each) => (each === known ? result : each))
          : [...before.redemptions, result];
        return { after: { ...before, sequence, redemptions }, result };
      }),
    changeConsents(change) {
      write((before) => {
        const consents = change(before.consents);
        // The number keeps an attempt from beginning that was decided before this change.
        return { after: { ...before, sequence: before.sequence + 1, consents }, result: undefined };
      });
    },
    adopt() {
      const other = join(options.codexHome, accountFolderName, journalFileName);
      if (other === path || realPath(other) === realPath(path)) return;
      const keys = new Set(readContent(path).redemptions.map(({ key }) => key));
      const open = readContent(other).redemptions.filter(
        (each) => claimOf(each, nowMs()) !== 'none' && !keys.has(each.key),
      );
      if (open.length === 0) return;
      write((before) => {
        const sequence = before.sequence + 1;
        const adopted = open.map((each) => ({ ...each, sequence }));
        return {
          after: { ...before, sequence, redemptions: [...before.redemptions, ...adopted] },
          result: undefined,
        };
      });
    },
    correctTimes() {
      const now = nowMs();
      if (!readContent(path).redemptions.some((each) => isAhead(each, now))) return;
      write((before) => {
        const redemptions = before.redemptions.map((each) =>
          isAhead(each, now) ? notAfter(each, now) : each,
        );
        return { after: { ...before, redemptions }, result: undefined };
      });
    },
  };
}

function trimmed(content: JournalContent, nowMs: number): JournalContent {
  const { redemptions } = content;
  const oldest = redemptions.length - maxRedemptions;
  const kept = redemptions.filter((each, place) => place >= oldest || claimOf(each, nowMs) !== 'none');
  return { ...content, redemptions: kept };
}

function readContent(path: string): JournalContent {
  return contentOf(readText(path), path);
}

function contentOf(text: string | undefined, path: string): JournalContent {
  return text === undefined ? emptyJournal : journalFromText(text, path);
}

function readText(path: string): string | undefined {
  try {
    return readSmallFile(path, maxBytes).toString('utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unavailable('read', path, cause);
  }
}

function unavailable(verb: string, path: string, cause: unknown): RedemptionError {
  const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
  return new RedemptionError('journalUnavailable', `${path} cannot be ${verb} (${code})`, { cause });
}
