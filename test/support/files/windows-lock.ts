import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const library = fileURLToPath(new URL(`../../../dist/locks-win32-${process.arch}.node`, import.meta.url));

/** A script that locks the file in its first argument with LockFileEx, and holds it until its input ends. */
export const windowsHolder = `
  import { openSync } from 'node:fs';
  import { once } from 'node:events';
  const loaded = { exports: {} };
  process.dlopen(loaded, ${JSON.stringify(library)});
  const descriptor = openSync(process.argv[1], 'a+');
  for (;;) {
    try {
      loaded.exports.tryLock(descriptor, 0, 0, true);
      break;
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  console.log('held');
  process.stdin.resume();
  await once(process.stdin, 'end');
`;

/** Returns whether another handle can have the lock. Handles of one process exclude each other, too. */
export function windowsIsFree(path: string): boolean {
  const loaded = { exports: {} as { tryLock(...words: [number, number, number, boolean]): void } };
  process.dlopen(loaded, library);
  const descriptor = openSync(path, 'a+');
  try {
    loaded.exports.tryLock(descriptor, 0, 0, true);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
