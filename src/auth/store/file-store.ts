import { isUtf8 } from 'node:buffer';
import { unlinkSync } from 'node:fs';
import { prepareReplacement, ReadOnlyFileError, replaceFile } from '../../util/files/atomic-file.js';
import { retryOnWindows } from '../../util/files/in-use.js';
import { overwriteFile } from '../../util/files/overwrite-file.js';
import { requireRemovable } from '../../util/files/removable-file.js';
import type { Clock } from '../../util/clock.js';
import { explainedCode, type FileContent, watchFile } from '../../util/files/watched-file.js';
import type { AuthStore, StoreContent } from './store.js';

/** The space reserved on disk for the tokens of a refresh. */
export const tokensReserveBytes = 64 * 1024;

/**
 * The errors for a file whose content alone can be changed: it is mounted by itself, or has several names. On Windows also
 * those for one that another program has kept open for longer than a replacement waits.
 */
const irreplaceable = new Set([
  ...['EBUSY', 'EXDEV', 'EMLINK'],
  ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : []),
]);

/** Creates the store in auth.json at `path`. Each read checks the file, and reads it again if it has changed (D15). */
export function createFileStore(options: { path: string; clock: Clock; random: () => number }): AuthStore {
  const { path, clock, random } = options;
  const file = watchFile(path);
  const replacing = { nowMs: () => clock.nowMs(), random, refusesHardLinks: true };
  let known: { file: FileContent; content: StoreContent } | undefined;

  /** Calls `replace`. If the file cannot be replaced, overwrites it. */
  function replaceOrOverwrite(text: string, replace: () => void): void {
    try {
      replace();
    } catch (error) {
      if (error instanceof ReadOnlyFileError) throw error;
      if (!irreplaceable.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      overwriteFile(path, text);
    }
  }

  return {
    name: path,
    path,
    read() {
      const now = file.read();
      if (known?.file !== now) known = { file: now, content: contentOf(now) };
      return Promise.resolve(known.content);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- errors of the synchronous calls become rejections
    async prepare() {
      const replacement = prepareReplacement(path, { ...replacing, reserveBytes: tokensReserveBytes });
      return {
        // eslint-disable-next-line @typescript-eslint/require-await -- as above
        async commit(text) {
          replaceOrOverwrite(text, () => {
            replacement.commit(text);
          });
        },
        discard: replacement.discard,
      };
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    async save(text) {
      replaceOrOverwrite(text, () => {
        replaceFile(path, text, replacing);
      });
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    async prepareRemoval() {
      requireRemovable(path);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    async remove() {
      try {
        retryOnWindows(() => {
          unlinkSync(path);
        });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
    },
  };
}

function contentOf(file: FileContent): StoreContent {
  if (Buffer.isBuffer(file)) {
    if (!isUtf8(file)) return { kind: 'unusable', reason: 'is not UTF-8' };
    return { kind: 'text', text: file.toString('utf8') };
  }
  const { errorCode } = file;
  if (errorCode === 'ENOENT') return { kind: 'absent' };
  return { kind: 'unusable', reason: `cannot be read (${explainedCode(errorCode)})`, errorCode };
}
