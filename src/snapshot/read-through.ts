import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { FileLocks } from '../util/files/locks/file-lock.js';
import type { Log } from '../util/log.js';
import { redact } from '../util/redaction/redact.js';
import type { Answer } from './answer.js';
import type { Snapshot } from './file-text.js';
import type { SnapshotKey } from './key.js';
import { createOneFlight } from './one-flight.js';
import type { RedemptionsOfHome } from './record-changes.js';
import { createSnapshotStore, type SnapshotNeed } from './store.js';

export interface ReadThrough {
  /**
   * Returns the stored read if it is young enough, otherwise reads and stores the result. Of the processes that read at
   * the same time, one sends a request.
   *
   * @param live reads from the backend
   * @throws what `live` throws; AppError `rateLimited` during a pause that the backend has asked any process for; the
   * signal's reason once it is aborted
   */
  read(key: SnapshotKey, ask: SnapshotAsk, live: LiveRead, signal: AbortSignal): Promise<FoundRead>;
  /** Returns the stored read if it is young enough. Sends and writes nothing. */
  find(key: SnapshotKey, ask: SnapshotAsk): StoredRead | undefined;
  /** Makes all stored reads unusable, and those under way. Call before a consume is sent and when it has ended. */
  invalidate(): void;
}

export interface SnapshotAsk {
  /** The greatest age when it is asked for. 0: the read is live. */
  readonly maxAgeMs: number;
  readonly withResetCredits: boolean;
}

export interface FoundRead {
  readonly answer: Answer;
  /** When the read began: its values are at most this old. */
  readonly readAtMs: number;
  /** Whether it was stored before. */
  readonly isCached: boolean;
}

export interface StoredRead extends FoundRead {
  /** The epoch in which it began, which has not ended. */
  readonly epoch: string;
}

/**
 * Reads from the backend.
 *
 * @param isShared whether it may join a read in flight. Such a read is not stored: it may have begun in an earlier epoch
 */
export type LiveRead = (isShared: boolean) => Promise<{
  readonly answer: Answer;
  /** When the request was sent. */
  readonly startedAtMs: number;
  readonly countWithoutDetails: number | null;
  /** The login and the backend of the answer: the settings may have changed meanwhile. */
  readonly isOfKey: boolean;
  /** Texts that no file may contain: the tokens and the e-mail address of the login. */
  readonly secrets: readonly string[];
}>;

export function createReadThrough(options: {
  codexHome: string;
  clock: Clock;
  log: Log;
  locks: FileLocks;
  /** Whether nothing is written. */
  isReadOnly: boolean;
  /** The name of the program that reads, for the log of the changes. */
  source: () => string;
  /** Loads the redemptions of this home. Called after a read was stored. Undefined: they are not known. */
  loadRedemptions: (() => Promise<RedemptionsOfHome>) | undefined;
}): ReadThrough {
  const { clock, isReadOnly } = options;
  const store = createSnapshotStore({ ...options, nowMs: () => clock.nowMs() });
  const inOneFlight = createOneFlight(options);

  function find(key: SnapshotKey, need: SnapshotNeed): StoredRead | undefined {
    const found = store.find(key, need);
    if (!found) return undefined;
    const { answer, readAtMs, epoch } = found;
    return { answer, readAtMs, isCached: true, epoch };
  }

  /** @throws AppError */
  function refuseDuringPause(key: SnapshotKey): void {
    const pause = store.pause(key);
    if (!pause) return;
    const { message, requestId } = pause;
    const retryAfterMs = pause.untilMs - clock.nowMs();
    const details = { httpStatus: 429, ...(requestId !== undefined && { requestId }), retryAfterMs };
    throw new AppError('rateLimited', message, { details });
  }

  async function readLive(
    key: SnapshotKey,
    withResetCredits: boolean,
    live: LiveRead,
    isShared: boolean,
  ): Promise<FoundRead> {
    refuseDuringPause(key);
    // The epoch comes first, so that it is not later than the request.
    const epoch = isReadOnly || isShared ? undefined : store.beginRead();
    try {
      const { answer, startedAtMs: readAtMs, countWithoutDetails, isOfKey, secrets } = await live(isShared);
      if (epoch !== undefined && isOfKey) {
        const snapshot = { answer, readAtMs, countWithoutDetails, hasCreditDetails: withResetCredits, epoch };
        await saveAndRecord(key, snapshot, (text) => containsSecret(text, secrets));
      }
      return { answer, readAtMs, isCached: false };
    } catch (error) {
      if (!isReadOnly) notePause(key, error);
      throw error;
    }
  }

  /** Stores a read. The process that has replaced the read before records the changes. */
  async function saveAndRecord(
    key: SnapshotKey,
    now: Snapshot,
    isSecret: (text: string) => boolean,
  ): Promise<void> {
    const saved = store.save(key, now, isSecret);
    if (!saved) return;
    const { replaced: before, folder } = saved;
    const { recordChanges } = await import('./record-changes.js');
    const redemptions = await options.loadRedemptions?.();
    const change = { key, before, now };
    recordChanges(change, { folder, source: options.source(), redemptions, isSecret, log: options.log });
    await redemptions?.observe(change);
  }

  function notePause(key: SnapshotKey, error: unknown): void {
    if (!(error instanceof AppError) || error.kind !== 'rateLimited') return;
    const { retryAfterMs = 0, requestId } = error.details;
    // The message is masked: it contains no secret.
    if (retryAfterMs > 0) {
      store.savePause(key, {
        untilMs: Math.ceil(clock.nowMs() + retryAfterMs),
        message: error.message,
        requestId,
      });
    }
  }

  return {
    async read(key, { maxAgeMs, withResetCredits }, live, signal) {
      if (maxAgeMs <= 0) return readLive(key, withResetCredits, live, false);
      const need = { maxAgeMs, withResetCredits, askedAtMs: clock.nowMs() };
      const found = find(key, need);
      if (found) return found;
      refuseDuringPause(key);
      if (isReadOnly || store.beginRead() === undefined) return readLive(key, withResetCredits, live, true);
      return inOneFlight(store.lockPath(key), signal, async (turn) => {
        const later = find(key, need);
        return later ?? readLive(key, withResetCredits, live, turn === 'afterOther');
      });
    },
    find: (key, ask) => find(key, { ...ask, askedAtMs: clock.nowMs() }),
    invalidate: store.endEpoch,
  };
}

/** Returns whether a secret is in the text as `redact` finds it, which takes milliseconds when it first undoes escapes. */
function containsSecret(text: string, secrets: readonly string[]): boolean {
  const folded = text.toLowerCase();
  if (secrets.some((secret) => secret !== '' && folded.includes(secret.toLowerCase()))) return true;
  return /[%&\\]/.test(text) && redact(text, secrets) !== text;
}
