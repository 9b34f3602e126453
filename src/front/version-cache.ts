import { realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isOwnFolder, makeFolder, readOwnFile, replaceOwnFile } from '../util/files/own-file.js';
import { startableProgram } from '../util/programs/startable-program.js';
import type { UpstreamCommand } from './child.js';

/** The version of the upstream program, stored for as long as its file stays the same. */
export interface VersionCache {
  /** Returns the stored version: empty if the program has printed none. Undefined if it was not asked yet. */
  read(): string | undefined;
  /** Runs the program with `--version` and stores what it prints. Never throws. Ends the program once it is aborted. */
  fill(signal: AbortSignal): Promise<void>;
}

const fileName = 'upstream-version';
const maxBytes = 8 * 1024;

/** @param cacheFolder the folder of the user for files that can be made again */
export function createVersionCache(command: UpstreamCommand, cacheFolder: string): VersionCache {
  const cachePath = join(cacheFolder, fileName);
  return {
    read() {
      try {
        if (!isOwnFolder(cacheFolder)) return undefined;
        const [key, version] = (readOwnFile(cachePath, maxBytes) ?? '').split('\n');
        return key === keyOf(command.path) ? version : undefined;
      } catch {
        return undefined;
      }
    },
    async fill(signal) {
      try {
        const key = keyOf(command.path);
        const version = versionIn(await outputOf(command, signal));
        makeFolder(dirname(cacheFolder));
        makeFolder(cacheFolder);
        if (isOwnFolder(cacheFolder)) replaceOwnFile(cachePath, `${key}\n${version}\n`);
      } catch {
        // Clients see our own version, and the next server asks again.
      }
    },
  };
}

/** Returns a text that changes when the program is replaced. Not the time of its content: npm gives all files the same. */
function keyOf(path: string): string {
  const { ctimeMs, size, ino } = statSync(path);
  return JSON.stringify([realpathSync(path), size, Math.round(ctimeMs), ino]);
}

/** Returns what the program prints; nothing if it fails. @throws Error if it cannot be started, or is aborted */
async function outputOf({ path, environment }: UpstreamCommand, signal: AbortSignal): Promise<string> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const { command, args, ...verbatim } = startableProgram(path, ['--version'], environment);
    const limits = { signal, killSignal: 'SIGKILL', maxBuffer: maxBytes } as const;
    const options = { ...verbatim, ...limits, env: environment, windowsHide: true };
    execFile(command, args, options, (error, stdout) => {
      if (error && typeof error.code !== 'number')
        reject(new Error('the program was not run', { cause: error }));
      else resolve(error ? '' : stdout);
    });
  });
}

function versionIn(output: string): string {
  return /^codex-cli (\d+\.\d+\.\d+[\w.+-]*)$/m.exec(output)?.[1] ?? '';
}
