import { readFileSync } from 'node:fs';

/**
 * Returns whether this process belongs to the job in the foreground of its terminal. The system stops any other job that
 * reads keys or changes the modes of the terminal. Where /proc is missing, the answer is yes.
 */
export function isInForeground(): boolean {
  let stat: string;
  try {
    stat = readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return true;
  }
  // The name of the program comes before, in parentheses, and may contain blanks.
  const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return group === foregroundGroup;
}
