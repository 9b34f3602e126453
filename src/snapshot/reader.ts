import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountFolder } from '../util/files/account-folder.js';
import { isOwnFolder, makeFolder, readOwnFile, replaceOwnFile } from '../util/files/own-file.js';
import { nameOf, type SnapshotKey } from './key.js';

// The process that reads in the background for all that cannot wait for it.

/** A read takes less, even if the tokens are refreshed first. Another process may have the same id later. */
const longestReadMs = 60_000;

/** Returns the id of the process that reads with this key in the background; undefined if none is known. */
export function findReader(codexHome: string, key: SnapshotKey, nowMs: number): number | undefined {
  try {
    const folder = accountFolder(codexHome);
    const text = isOwnFolder(folder) ? readOwnFile(pathOf(folder, key), 64) : undefined;
    const [, pid = '', startedAtMs = ''] = /^([1-9]\d{0,9}) (\d{1,15})$/.exec(text ?? '') ?? [];
    const ageMs = nowMs - Number(startedAtMs);
    const isRecent = pid !== '' && ageMs >= 0 && ageMs < longestReadMs;
    return isRecent && isRunning(Number(pid)) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** Notes which process reads. If that is not possible, others start one of their own. */
export function noteReader(codexHome: string, key: SnapshotKey, pid: number, nowMs: number): void {
  try {
    const folder = accountFolder(codexHome);
    makeFolder(folder);
    if (isOwnFolder(folder)) replaceOwnFile(pathOf(folder, key), `${pid} ${nowMs}`);
  } catch {
    // The lock of the read still lets only one of them send a request at a time.
  }
}

/** Returns whether a process of this user with this id runs. A process that has ended and was not waited for does not run. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // In a container without an init the parent of an orphan may never wait for it. proc(5): `pid (name) state`.
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}

function pathOf(folder: string, key: SnapshotKey): string {
  return join(folder, `${nameOf(key)}.reader`);
}
