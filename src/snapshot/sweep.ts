import { lstatSync, opendirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOwn } from '../util/files/own-file.js';

/** How many keys keep their files. */
const maxKeys = 8;

/** How many names of the folder are looked at, however many it has. */
const maxNames = 256;

/** Much longer than a file is written. */
const abandonedAfterMs = 10 * 60_000;

/** The names of the files of a key: the snapshot, the pause and the lock, and files that were not completed. */
const ownName = /^(limits-[0-9a-f]{16})\.(?:json|pause|lock)(\.\d+)?$/;

interface OwnFile {
  readonly path: string;
  readonly key: string;
  readonly mtimeMs: number;
  readonly isTemporary: boolean;
}

/**
 * Removes the files of all keys but the last eight ones, and files that killed processes have left. Only files of this user
 * with the names of this package, and never through a link.
 *
 * @throws the file system's error
 */
export function removeOldSnapshots(folder: string, nowMs: number): void {
  const files = ownFiles(folder);
  const usedAtMs = new Map<string, number>();
  for (const { key, mtimeMs } of files) usedAtMs.set(key, Math.max(mtimeMs, usedAtMs.get(key) ?? 0));
  const kept = [...usedAtMs].toSorted(([, one], [, other]) => other - one).slice(0, maxKeys);
  const keptKeys = new Set(kept.map(([key]) => key));
  for (const { path, key, mtimeMs, isTemporary } of files) {
    if (isTemporary ? nowMs - mtimeMs > abandonedAfterMs : !keptKeys.has(key)) rmSync(path, { force: true });
  }
}

function ownFiles(folder: string): OwnFile[] {
  const files: OwnFile[] = [];
  const listing = opendirSync(folder);
  try {
    for (let count = 0; count < maxNames; count += 1) {
      const entry = listing.readSync();
      if (!entry) break;
      const [, key, temporary] = ownName.exec(entry.name) ?? [];
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
