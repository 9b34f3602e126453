import { changesBetween, creditStates, type ReadState, type WindowChange } from '../limits/read-changes.js';
import type { Log } from '../util/log.js';
import type { Snapshot } from './file-text.js';
import type { SnapshotKey } from './key.js';
import { appendToLog } from './limits-log.js';
import { entryText, type LogEntry, type LoggedChange } from './log-entry.js';

/** A read that was stored, and the one that it has replaced. */
export interface StoredChange {
  readonly key: SnapshotKey;
  /** It may be of an earlier epoch. Undefined if there was none. */
  readonly before: Snapshot | undefined;
  readonly now: Snapshot;
}

/** The redemptions of this home. A floor above has their journal. */
export interface RedemptionsOfHome {
  /** Returns whether one of them can be why the window has started again; undefined if that is not known. */
  mayExplain(key: SnapshotKey, change: WindowChange): boolean | undefined;
  /** Looks again at what they did. Throws nothing. */
  observe(change: StoredChange): Promise<void>;
}

/**
 * Writes what has changed to `limits-log.jsonl`. Throws nothing: a problem is logged.
 *
 * @param isSecret is asked about the text of the entries
 */
export function recordChanges(
  { key, before, now }: StoredChange,
  options: {
    readonly folder: string;
    readonly source: string;
    readonly redemptions: RedemptionsOfHome | undefined;
    readonly isSecret: (text: string) => boolean;
    readonly log: Log;
  },
): void {
  const { folder, source, redemptions, isSecret, log } = options;
  const changes = changesBetween(before && stateOf(before), stateOf(now));
  if (changes.length === 0) return;
  const { accountId, userId } = key;
  const head = { at: Math.floor(now.readAtMs / 1000), accountId, userId, source };
  const entries = changes.map((change): LogEntry => {
    const logged: LoggedChange =
      change.kind === 'window' ? { ...change, movedWithoutUs: isWithoutUs(change) } : change;
    return { ...head, ...logged };
  });
  const problem = isSecret(entries.map(entryText).join('\n')) ? 'a secret in it' : append();
  if (problem !== undefined) log.debug(`the changes of the limits are not recorded: ${problem}`);

  function isWithoutUs(change: WindowChange): boolean | null {
    if (change.move !== 'early') return null;
    const isExplained = redemptions ? redemptions.mayExplain(key, change) : undefined;
    return isExplained === undefined ? null : !isExplained;
  }

  function append(): string | undefined {
    try {
      return appendToLog(folder, entries);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    }
  }
}

function stateOf({ answer, readAtMs, countWithoutDetails }: Snapshot): ReadState {
  const summary = answer.rateLimitResetCredits;
  // The backend may leave out the list although it was asked for.
  const isListed = Boolean(summary?.credits ?? summary?.creditsOfUnknownExpiry);
  return {
    limits: answer,
    resetCredits: {
      availableCount: countWithoutDetails,
      credits: isListed ? creditStates(summary) : undefined,
    },
    readAtMs,
  };
}
