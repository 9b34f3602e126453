import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Our own temporary files, and nobody else's. */
const ownName = /^\.codex-account-server-[0-9a-f]{12}\.tmp$/;

/** Far above the time that one is needed: the longest wait is that for a token. */
const abandonedAfterMs = 10 * 60_000;

/** A path in `folder` for a temporary file, which is hidden there. `random` is like Math.random. */
export function createTemporaryPath(folder: string, random: () => number): string {
  const digits = Math.floor(random() * 2 ** 48).toString(16);
  return join(folder, `.codex-account-server-${digits.padStart(12, '0')}.tmp`);
}

/**
 * Removes what killed processes have left in `folder`. They may hold tokens. What cannot be removed stays: that is no
 * reason to fail.
 */
export function sweepTemporaryFiles(folder: string, nowMs: number): void {
  for (const name of namesIn(folder)) {
    if (ownName.test(name)) removeAbandoned(join(folder, name), nowMs);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function removeAbandoned(path: string, nowMs: number): void {
  try {
    if (nowMs - lstatSync(path).mtimeMs > abandonedAfterMs) rmSync(path);
  } catch {
    // Another process has removed it, or may not be disturbed.
  }
}
