import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { retryReplacing } from '../util/files/in-use.js';
import { isOwn, withOwnFile } from '../util/files/own-file.js';
import { entryFromText, entryText, type LogEntry, subjectOf } from './log-entry.js';

const fileName = 'limits-log.jsonl';
const olderFileName = 'limits-log.1.jsonl';

const maxBytes = 1024 * 1024;

/** An entry has a few hundred bytes. A longer one has long texts of the backend, and is not logged. */
const maxLineBytes = 8 * 1024;

/** How much of the end is searched for entries that another process has just written. */
const tailBytes = 16 * 1024;

/**
 * Appends entries with one write, except those that the log has already: another process may have seen the same change.
 * A file that would have more than 1 MiB is renamed first, and replaces the one renamed before.
 *
 * @returns why nothing was written; undefined if it was, or if there was nothing new
 * @throws the file system's error. A line may then be incomplete
 */
export function appendToLog(folder: string, entries: readonly LogEntry[]): string | undefined {
  const path = join(folder, fileName);
  for (let isNew = false; ; isNew = true) {
    const descriptor = openSync(path, appendFlags, 0o600);
    try {
      const stats = fstatSync(descriptor);
      // Another name of the file could belong to something else.
      if (!stats.isFile() || !isOwn(stats) || stats.nlink > 1) return `${fileName} is not a file of its own`;
      const tail = tailOf(descriptor, stats.size, tailBytes);
      const text = textFor(entries, tail);
      if (text === '') return undefined;
      const bytes = Buffer.from(text, 'utf8');
      if (isNew || stats.size + bytes.length <= maxBytes) {
        const written = writeSync(descriptor, bytes);
        return written === bytes.length ? undefined : `${fileName} was not written completely`;
      }
      // Of two processes that rename, the second would replace the old entries by its few new ones.
      retryReplacing(() => {
        if (lstatSync(path).ino === stats.ino) renameSync(path, join(folder, olderFileName));
      });
    } finally {
      closeSync(descriptor);
    }
  }
}

const appendFlags =
  constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Returns the lines to append. The last line of the file may be incomplete. */
function textFor(entries: readonly LogEntry[], tail: string): string {
  const last = new Map(entriesIn(tail).map((entry) => [subjectOf(entry), entry]));
  const lines = entries
    .filter((entry) => !isKnown(entry, last))
    .map(entryText)
    .filter((line) => Buffer.byteLength(line) <= maxLineBytes);
  if (lines.length === 0) return '';
  const end = tail === '' || tail.endsWith('\n') ? '' : '\n';
  return `${end}${lines.join('\n')}\n`;
}

function isKnown(entry: LogEntry, last: ReadonlyMap<string, LogEntry>): boolean {
  const known = last.get(subjectOf(entry));
  if (!known || JSON.stringify(known.after) !== JSON.stringify(entry.after)) return false;
  return creditsIn(entry) === noCredits || creditsIn(entry) === creditsIn(known);
}

function creditsIn(entry: LogEntry): string {
  return entry.kind === 'resetCredits' ? JSON.stringify([entry.added, entry.removed]) : noCredits;
}

const noCredits = '[[],[]]';

/** The entries of the log. */
export interface LimitsLog {
  /** The oldest first. */
  readonly entries: readonly LogEntry[];
  /** The number of lines that cannot be read. */
  readonly skipped: number;
  /** The names of the files that are there and cannot be used. */
  readonly unusable: readonly string[];
}

/**
 * Reads the log. Files that are not only this user's, and lines that cannot be read, are left out. A change that two
 * processes wrote at the same moment is listed once.
 */
export function readLimitsLog(folder: string): LimitsLog {
  const files = [olderFileName, fileName].map((name) => ({ name, lines: linesOf(join(folder, name)) }));
  const lines = files.flatMap((file) => file.lines ?? []);
  const entries = lines.flatMap((line) => entryFromText(line) ?? []);
  const last = new Map<string, LogEntry>();
  const distinct = entries.filter((entry) => {
    const isRepeated = isKnown(entry, last);
    last.set(subjectOf(entry), entry);
    return !isRepeated;
  });
  return {
    entries: distinct.toSorted((one, other) => one.at - other.at),
    skipped: lines.length - entries.length,
    unusable: files.filter((file) => !file.lines).map(({ name }) => name),
  };
}

/** Returns undefined if the file is there and cannot be used. */
function linesOf(path: string): string[] | undefined {
  try {
    const text = withOwnFile(path, (descriptor, { size }) => {
      const tail = tailOf(descriptor, size, maxBytes);
      // A longer file is not one that was written here: its first line is a part of one.
      return size > maxBytes ? tail.slice((tail + '\n').indexOf('\n') + 1) : tail;
    });
    return text?.split('\n').filter((line) => line !== '');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : undefined;
  }
}

function entriesIn(text: string): LogEntry[] {
  return text.split('\n').flatMap((line) => entryFromText(line) ?? []);
}

function tailOf(descriptor: number, size: number, length: number): string {
  const bytes = Buffer.allocUnsafeSlow(Math.min(size, length));
  const count = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  return bytes.toString('utf8', 0, count);
}
