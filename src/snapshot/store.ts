import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listLimits } from '../limits/snapshots.js';
import { isStale, windowsOf } from '../limits/windows.js';
import type { Log } from '../util/log.js';
import { accountFolder } from '../util/files/account-folder.js';
import { isOwnFolder, makeFolder, readOwnFile, replaceOwnFile } from '../util/files/own-file.js';
import { currentEpoch, endEpoch, epochForRead } from './epoch.js';
import { pauseFromText, pauseText, type Snapshot, snapshotFromText, snapshotText } from './file-text.js';
import type { StoredPause } from './file-text.js';
import { nameOf, type SnapshotKey } from './key.js';
import { removeOldSnapshots } from './sweep.js';

/** The conditions under which a caller takes a snapshot. */
export interface SnapshotNeed {
  /** How long before `askedAtMs` its read may have begun. `Infinity`: any time, and windows may have ended since. */
  readonly maxAgeMs: number;
  readonly askedAtMs: number;
  readonly withResetCredits: boolean;
}

/** The files of the snapshots of a CODEX_HOME. No function throws: a problem with the files is logged. */
export interface SnapshotStore {
  /** Returns the stored read, if the caller can use it. */
  find(key: SnapshotKey, need: SnapshotNeed): Snapshot | undefined;
  /** Returns the pause that a 429 has asked for, while it lasts. */
  pause(key: SnapshotKey): StoredPause | undefined;
  /** Creates the folder, and returns the epoch of a read that begins now. Undefined: the read cannot be stored. */
  beginRead(): string | undefined;
  /**
   * Stores a read, unless its epoch has ended or a newer one is stored. `isSecret` is asked about the text of the file.
   *
   * @returns the read that it replaces, of whatever epoch; undefined if it is not stored
   */
  save(
    key: SnapshotKey,
    snapshot: Snapshot,
    isSecret: (text: string) => boolean,
  ): { readonly replaced: Snapshot | undefined; readonly folder: string } | undefined;
  savePause(key: SnapshotKey, pause: StoredPause): void;
  /** Returns the path of the lock that reads of this key take. */
  lockPath(key: SnapshotKey): string;
  /** Makes all stored reads unusable, and those under way. */
  endEpoch(): void;
}

const maxBytes = 256 * 1024;

export function createSnapshotStore(options: {
  codexHome: string;
  nowMs: () => number;
  log: Log;
}): SnapshotStore {
  const { codexHome, nowMs, log } = options;
  let lastProblem: string | undefined;

  /** Runs `work` with the folder, if it is ours alone. Each problem is logged once. */
  function inFolder<T>(work: (folder: string) => T, isNeeded = false): T | undefined {
    const folder = accountFolder(codexHome);
    try {
      if (isNeeded) makeFolder(folder);
      if (isOwnFolder(folder)) return work(folder);
      note('other users can write to its folder');
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT' || isNeeded) note(code);
    }
    return undefined;
  }

  function note(problem: string): void {
    if (problem !== lastProblem) log.debug(`the stored limits are not used: ${problem}`);
    lastProblem = problem;
  }

  /** Returns the snapshot of the current epoch. @throws the file system's error */
  function read(folder: string, key: SnapshotKey): Snapshot | undefined {
    const epoch = currentEpoch(folder);
    if (epoch === undefined) return undefined;
    const snapshot = readAny(folder, key);
    return snapshot?.epoch === epoch ? snapshot : undefined;
  }

  /** Returns the snapshot of whatever epoch. @throws the file system's error */
  function readAny(folder: string, key: SnapshotKey): Snapshot | undefined {
    const text = readOwnFile(join(folder, `${nameOf(key)}.json`), maxBytes);
    const snapshot = text === undefined ? undefined : snapshotFromText(text, key);
    if (!snapshot) note('the file is not one of this version and this user');
    // A time in the future: the clock was put back.
    return snapshot && snapshot.readAtMs <= nowMs() ? snapshot : undefined;
  }

  /** Returns the folder; undefined if the file is not written. */
  function write(key: SnapshotKey, extension: string, text: string): string | undefined {
    if (Buffer.byteLength(text) > maxBytes) {
      note('the answer is too large');
      return undefined;
    }
    return inFolder((folder) => {
      const path = join(folder, `${nameOf(key)}.${extension}`);
      const isNew = !existsSync(path);
      replaceOwnFile(path, text);
      if (isNew) removeOldSnapshots(folder, nowMs());
      return folder;
    });
  }

  return {
    find: (key, need) =>
      inFolder((folder) => {
        const snapshot = read(folder, key);
        return snapshot && isUsable(snapshot, need, nowMs()) ? snapshotFor(snapshot, need) : undefined;
      }),
    pause: (key) =>
      inFolder((folder) => {
        const text = readOwnFile(join(folder, `${nameOf(key)}.pause`), maxBytes);
        return text === undefined ? undefined : pauseFromText(text, key, nowMs());
      }),
    beginRead: () => inFolder(epochForRead, true),
    save(key, snapshot, isSecret) {
      const isCurrent = inFolder((folder) => currentEpoch(folder) === snapshot.epoch);
      const replaced = inFolder((folder) => readAny(folder, key));
      const isNewer = replaced?.epoch === snapshot.epoch && replaced.readAtMs > snapshot.readAtMs;
      if (!isCurrent || isNewer) return undefined;
      const text = snapshotText(key, snapshot);
      // The backend can put anything into its texts.
      if (isSecret(text)) {
        note('a secret in the answer');
        return undefined;
      }
      const folder = write(key, 'json', text);
      return folder === undefined ? undefined : { replaced, folder };
    },
    savePause(key, pause) {
      write(key, 'pause', pauseText(key, pause));
    },
    lockPath: (key) => join(accountFolder(codexHome), `${nameOf(key)}.lock`),
    endEpoch() {
      // Also in a folder of another user: root may redeem with that user's login.
      try {
        endEpoch(accountFolder(codexHome));
      } catch (error) {
        note(codeOf(error));
      }
    },
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
}

function isUsable(
  { answer, readAtMs, hasCreditDetails }: Snapshot,
  need: SnapshotNeed,
  nowMs: number,
): boolean {
  if (need.withResetCredits && !hasCreditDetails) return false;
  if (need.maxAgeMs === Infinity) return true;
  if (readAtMs < need.askedAtMs - need.maxAgeMs) return false;
  // A read can say what has come in the place of a window that has ended.
  const windows = listLimits(answer).flatMap(windowsOf);
  return !windows.some((window) => isStale(window, nowMs) && !isStale(window, readAtMs));
}

/** Leaves the details out for a caller that has not asked for them, as a live read does. */
function snapshotFor(snapshot: Snapshot, { withResetCredits }: SnapshotNeed): Snapshot {
  if (withResetCredits || !snapshot.hasCreditDetails) return snapshot;
  const { answer, countWithoutDetails: availableCount } = snapshot;
  const rateLimitResetCredits = availableCount === null ? null : { availableCount, credits: null };
  return { ...snapshot, answer: { ...answer, rateLimitResetCredits } };
}
