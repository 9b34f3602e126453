import { accessSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { osErrorText } from '../util/os-error.js';

/** CODEX_HOME cannot be used; the message is the sentence for stderr. */
export class CodexHomeError extends Error {}

/**
 * The directory that holds auth.json and config.toml, resolved; wire.md 9.
 *
 * @param codexHome the environment's CODEX_HOME; unset or empty means `.codex` in `home`, which is created
 * @param home the environment's HOME; unset or empty means what the password file says
 * @throws CodexHomeError
 */
export function resolveCodexHome(codexHome: string | undefined, home: string | undefined): string {
  if (!codexHome) return createDefaultHome(join(home || homeFromPasswordFile(), '.codex'));
  try {
    const path = realpathSync.native(codexHome);
    if (statSync(path).isDirectory()) {
      accessSync(path, constants.R_OK | constants.X_OK);
      return path;
    }
  } catch (error) {
    throw new CodexHomeError(`CODEX_HOME points to ${JSON.stringify(codexHome)}, but ${reasonOf(error)}`);
  }
  throw new CodexHomeError(
    `CODEX_HOME points to ${JSON.stringify(codexHome)}, but that path is not a directory`,
  );
}

function homeFromPasswordFile(): string {
  try {
    return userInfo().homedir;
  } catch {
    throw new CodexHomeError('neither CODEX_HOME nor HOME is set, and the user has no home directory');
  }
}

function createDefaultHome(path: string): string {
  try {
    // Whoever may write to it can put in another login, or have ours sent elsewhere.
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realpathSync.native(path);
  } catch (error) {
    throw new CodexHomeError(`cannot create ${JSON.stringify(path)}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'that path does not exist';
  if (code === 'ENOTDIR') return 'that path is not a directory';
  return osErrorText(code);
}
