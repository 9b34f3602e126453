import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { accountFolder } from '../util/files/account-folder.js';
import { isOwnFolder, replaceOwnFile } from '../util/files/own-file.js';
import { currentEpoch } from './epoch.js';
import { removeOldLines } from './sweep.js';

/** A text that `usage --format` has rendered from a stored read. */
export interface Line {
  /** Ends with a line break. */
  readonly text: string;
  /** When the read began. */
  readonly readAtMs: number;
  /** The last second in which the text is up to date, in Unix seconds. */
  readonly until: number;
  /** The epoch in which the read began. */
  readonly epoch: string;
  /** The file of the login that the read was found for. */
  readonly login: LoginFile;
}

/** Identifies an auth.json: two logins differ in one of these. Each is `-` if there is no file. */
export interface LoginFile {
  readonly size: string;
  /** Whole seconds, as `stat` of all systems prints them. */
  readonly mtime: string;
  readonly inode: string;
  /** The exact time, to compare with. */
  readonly mtimeNs: string;
}

/** A version of the file that `codex-account-line` reads. */
const format = 'codex-account-line 1';

/** `codex-account-line` does not read more than 8 KiB of a file. */
const maxTextBytes = 4096;

/** Returns the values that identify the auth.json of this CODEX_HOME. @throws the file system's error */
export function loginFile(codexHome: string): LoginFile {
  const stats = statSync(join(codexHome, 'auth.json'), { bigint: true, throwIfNoEntry: false });
  if (!stats) return { size: '-', mtime: '-', inode: '-', mtimeNs: '-' };
  const { size, mtimeNs, ino } = stats;
  return {
    size: `${size}`,
    mtime: `${mtimeNs / 1_000_000_000n}`,
    inode: `${ino}`,
    mtimeNs: `${mtimeNs}`,
  };
}

export function isSameLoginFile(one: LoginFile, other: LoginFile): boolean {
  return one.size === other.size && one.mtimeNs === other.mtimeNs && one.inode === other.inode;
}

/**
 * Stores a line for `codex-account-line`. The line can contain nothing secret: it
 * is from a read that is stored, and of those no text is a secret.
 *
 * @param key two numbers with a `-` between them, which name the file
 * @returns why it is not stored; undefined if it is
 * @throws the file system's error
 */
export function saveLine(codexHome: string, key: string, line: Line, nowMs: number): string | undefined {
  const folder = accountFolder(codexHome);
  const { text, readAtMs, until, epoch, login } = line;
  if (!isOwnFolder(folder)) return 'other users can write to its folder';
  if (Buffer.byteLength(text) > maxTextBytes) return 'it is too long';
  if (currentEpoch(folder) !== epoch) return 'the limits have changed';
  const readAt = Math.floor(readAtMs / 1000);
  const header = [format, readAt, until, login.size, login.mtime, login.inode, epoch].join(' ');
  replaceOwnFile(pathOf(folder, key), `${header}\n${text}end\n`);
  removeOldLines(folder, nowMs);
  return undefined;
}

/** Ends the try of `codex-account-line` that has led to a read, whether or not its line is stored. @throws the file system's error */
export function endTry(codexHome: string, key: string): void {
  const folder = accountFolder(codexHome);
  if (isOwnFolder(folder)) rmSync(`${pathOf(folder, key)}.try`, { force: true });
}

function pathOf(folder: string, key: string): string {
  return join(folder, `line-${key}`);
}
