import { realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isOwnFolder, makeFolder, readOwnFile, replaceOwnFile } from '../util/files/own-file.js';
import type { UpstreamCommand } from './child.js';

/** The version of the upstream program, stored for as long as its file stays the same. */
export interface VersionCache {
  /** Returns the stored version. */
  read(): string | undefined;
  /** Runs the program with `--version` and stores what it prints. Never throws. */
  fill(): Promise<void>;
}

const fileName = 'upstream-version';
const maxBytes = 8 * 1024;

/** How long the program may take. */
const answerLimitMs = 15_000;

/** @param cacheFolder the folder of the user for files that can be made again */
export function createVersionCache(command: UpstreamCommand, cacheFolder: string): VersionCache {
  const cachePath = join(cacheFolder, fileName);
  return {
    read() {
      try {
        if (!isOwnFolder(cacheFolder)) return undefined;
        const [key, version] = (readOwnFile(cachePath, maxBytes) ?? '').split('\n');
        return key === keyOf(command.path) && version !== '' ? version : undefined;
      } catch {
        return undefined;
      }
    },
    async fill() {
      try {
        const key = keyOf(command.path);
        const version = versionIn(await outputOf(command));
        if (version === undefined) return;
        makeFolder(dirname(cacheFolder));
        makeFolder(cacheFolder);
        if (isOwnFolder(cacheFolder)) replaceOwnFile(cachePath, `${key}\n${version}\n`);
      } catch {
        // Without the file, clients see our own version.
      }
    },
  };
}

/** Returns a text that changes when the program is replaced. Not the time of its content: npm gives all files the same. */
function keyOf(path: string): string {
  const { ctimeMs, size, ino } = statSync(path);
  return JSON.stringify([realpathSync(path), size, Math.round(ctimeMs), ino]);
}

async function outputOf({ path, environment }: UpstreamCommand): Promise<string> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const options = { env: environment, timeout: answerLimitMs, killSignal: 'SIGKILL', maxBuffer: maxBytes } as const;
    execFile(path, ['--version'], options, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });
}

function versionIn(output: string): string | undefined {
  return /^codex-cli (\d+\.\d+\.\d+[\w.+-]*)$/m.exec(output)?.[1];
}
