import { dirname, join } from 'node:path';
import { resolveLinks } from './atomic-file.js';

/**
 * Returns the folder of this package's own files about a login: beside the auth.json that a link in CODEX_HOME leads to.
 * Every CODEX_HOME with that login then has the same record of redemptions, and the same stored limits.
 */
export function accountFolder(codexHome: string): string {
  return join(dirname(realPath(join(codexHome, 'auth.json'))), accountFolderName);
}

/** The name of that folder. */
export const accountFolderName = 'account-server';

/** Returns the path without symbolic links, or the path itself if they lead nowhere. */
export function realPath(path: string): string {
  try {
    return resolveLinks(path);
  } catch {
    return path;
  }
}
