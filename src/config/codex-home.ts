import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { osErrorText } from '../util/files/os-error.js';
import { realPath } from '../util/files/real-path.js';

/** An error for a CODEX_HOME that cannot be used. The message is for stderr. */
export class CodexHomeError extends Error {}

/**
 * Returns the absolute path, without symbolic links, of the directory with auth.json and config.toml.
 *
 * The error texts for CODEX_HOME are Codex's.
 *
 * @param codexHome the variable CODEX_HOME. If it is unset or empty, `.codex` in `home` is used, and created if needed.
 * @param home the variable HOME. If it is unset or empty, the home directory of the password file is used.
 * @throws CodexHomeError
 */
export function resolveCodexHome(codexHome: string | undefined, home: string | undefined): string {
  if (!codexHome) return createDefaultHome(codexHomePath(codexHome, home));
  try {
    return resolveFolder(codexHome);
  } catch (error) {
    if (!(error instanceof CodexHomeError)) throw error;
    throw new CodexHomeError(`CODEX_HOME points to ${JSON.stringify(codexHome)}, but ${error.message}`);
  }
}

/**
 * Returns the absolute path, without symbolic links, of a folder that can be read.
 *
 * @throws CodexHomeError whose message is a clause, such as `that path does not exist`
 */
export function resolveFolder(named: string): string {
  try {
    const path = realPath(named);
    if (statSync(path).isDirectory()) {
      accessSync(path, constants.R_OK | constants.X_OK);
      return path;
    }
  } catch (error) {
    throw new CodexHomeError(reasonOf(error));
  }
  throw new CodexHomeError('that path is not a directory');
}

/**
 * Returns the path of CODEX_HOME as the variables of `resolveCodexHome` give it. It may not exist.
 * @throws CodexHomeError
 */
export function codexHomePath(codexHome: string | undefined, home: string | undefined): string {
  return codexHome || join(home || homeFromPasswordFile(), '.codex');
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
    // Write access to it is enough to replace the login, or to send its tokens to another host.
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realPath(path);
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
