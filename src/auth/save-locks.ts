import { join } from 'node:path';
import type { LockFile } from '../util/file-lock.js';

/** The locks that Codex takes around each save of auth.json, in its order. */
export function saveLocks(codexHome: string): readonly LockFile[] {
  return [
    { path: join(codexHome, 'auth.lock'), mode: 0o644 },
    { path: join(codexHome, 'auth.json.lock'), mode: 0o600 },
  ];
}
