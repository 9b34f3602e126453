import { test } from 'vitest';

/**
 * A test of what Windows does not have: signals that a program can handle, HOME, scripts with `#!`, FIFOs, the texts of
 * other systems; or what Wine does not have: links that can be opened.
 */
export const unixTest = test.skipIf(process.platform === 'win32');

/** Returns the cases of a table, on Windows only those that are `possible` there. */
export function casesOf<T>(all: readonly T[], isPossible: (each: T) => boolean): T[] {
  return all.filter((each) => process.platform !== 'win32' || isPossible(each));
}
