import { test } from 'vitest';

/**
 * A test of what Windows does not have: signals that a program can handle, HOME, scripts with `#!`, FIFOs, the texts of
 * other systems; or what Wine does not have: links that can be opened.
 */
export const unixTest = test.skipIf(process.platform === 'win32');

/** A test of a file that this user may not read. Root may read all files, and Windows has no modes. */
export const unreadableTest = test.skipIf(process.platform === 'win32' || process.getuid?.() === 0);

/** Returns whether a case of a table is about links, FIFOs, devices or modes. */
export function isUnixCase(what: string): boolean {
  return /\blinks?\b|FIFO|device|\bothers\b|another user/.test(what);
}

/** Returns the cases of a table, on Windows only those that are `possible` there. */
export function casesOf<T>(all: readonly T[], isPossible: (each: T) => boolean): T[] {
  return all.filter((each) => process.platform !== 'win32' || isPossible(each));
}
