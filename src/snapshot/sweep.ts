import { lstatSync, opendirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOwn } from '../util/files/own-file.js';

/** How many names of the folder are looked at, however many it has. */
const maxNames = 256;

/** Much longer than a file is written. */
const abandonedAfterMs = 10 * 60_000;

/** Files of the same kind. Those of a key have its name, and some of them an extension. */
interface Kind {
  /** Matches the name of a file: the key, and the number of a file that was not completed. */
  readonly name: RegExp;
  /** How many keys keep their files. */
  readonly maxKeys: number;
  /** How long they keep them without a change. */
  readonly keptMs: number;
}

/** The snapshots, pauses, locks and readers. */
const snapshots: Kind = {
  name: /^(limits-[0-9a-f]{16})\.(?:json|pause|lock|reader)(\.\d+)?$/,
  maxKeys: 8,
  keptMs: Infinity,
};

/** The lines and their tries. */
const lines: Kind = {
  name: /^(line-\d{1,10}-\d{1,10})(?:\.try)?(\.\d+)?$/,
  maxKeys: 16,
  keptMs: 7 * 24 * 60 * 60_000,
};

interface OwnFile {
  readonly path: string;
  readonly key: string;
  readonly mtimeMs: number;
  readonly isTemporary: boolean;
}

/**
 * Removes the snapshots of all keys but the last eight ones, and files that killed processes have left. Only files of this
 * user with the names of this package, and never through a link.
 *
 * @throws the file system's error
 */
export function removeOldSnapshots(folder: string, nowMs: number): void {
  removeOld(folder, snapshots, nowMs);
}

/**
 * Removes the lines of all keys except the last sixteen, those that are a week old, and files that killed processes
 * have left.
 *
 * @throws the file system's error
 */
export function removeOldLines(folder: string, nowMs: number): void {
  removeOld(folder, lines, nowMs);
}

function removeOld(folder: string, kind: Kind, nowMs: number): void {
  const files = ownFiles(folder, kind.name);
  const usedAtMs = new Map<string, number>();
  for (const { key, mtimeMs } of files) usedAtMs.set(key, Math.max(mtimeMs, usedAtMs.get(key) ?? 0));
  const kept = [...usedAtMs]
    .filter(([, atMs]) => nowMs - atMs <= kind.keptMs)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, kind.maxKeys);
  const keptKeys = new Set(kept.map(([key]) => key));
  for (const { path, key, mtimeMs, isTemporary } of files) {
    if (isTemporary ? nowMs - mtimeMs > abandonedAfterMs : !keptKeys.has(key)) rmSync(path, { force: true });
  }
}

function ownFiles(folder: string, name: RegExp): OwnFile[] {
  const files: OwnFile[] = [];
  const listing = opendirSync(folder);
  try {
    for (let count = 0; count < maxNames; count += 1) {
      const entry = listing.readSync();
      if (!entry) break;
      const [, key, temporary] = name.exec(entry.name) ?? [];
      const path = join(folder, entry.name);
      const stats = key === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false });
      if (key === undefined || !stats?.isFile() || !isOwn(stats)) continue;
      files.push({ path, key, mtimeMs: stats.mtimeMs, isTemporary: temporary !== undefined });
    }
  } finally {
    listing.closeSync();
  }
  return files;
}
