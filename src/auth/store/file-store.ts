import { unlinkSync } from 'node:fs';
import { prepareReplacement } from '../../util/files/atomic-file.js';
import type { Clock } from '../../util/clock.js';
import { explainedCode, type FileContent, watchFile } from '../../util/files/watched-file.js';
import type { AuthStore, StoreContent } from './store.js';

/** The space reserved on disk for the tokens of a refresh. */
const reserveBytes = 64 * 1024;

/** Creates the store in auth.json at `path`. Each read checks the file, and reads it again if it has changed (D15). */
export function createFileStore(options: { path: string; clock: Clock; random: () => number }): AuthStore {
  const { path, clock, random } = options;
  const file = watchFile(path);
  let known: { file: FileContent; content: StoreContent } | undefined;
  return {
    name: path,
    read() {
      const now = file.read();
      if (known?.file !== now) known = { file: now, content: contentOf(now) };
      return Promise.resolve(known.content);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- errors of the synchronous calls become rejections
    async prepare() {
      const replacement = prepareReplacement(path, { nowMs: () => clock.nowMs(), random, reserveBytes });
      return {
        commit(text) {
          replacement.commit(text);
          return Promise.resolve();
        },
        discard: replacement.discard,
      };
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    async remove() {
      try {
        unlinkSync(path);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
    },
  };
}

function contentOf(file: FileContent): StoreContent {
  if (Buffer.isBuffer(file)) return { kind: 'text', text: file.toString('utf8') };
  const { errorCode } = file;
  if (errorCode === 'ENOENT') return { kind: 'absent' };
  return { kind: 'unusable', reason: `cannot be read (${explainedCode(errorCode)})`, errorCode };
}
