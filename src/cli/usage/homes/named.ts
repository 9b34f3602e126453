import { resolveFolder } from '../../../config/codex-home.js';
import { environmentWith, withDotEnv } from '../../environment.js';
import { print, type TextOutput } from '../../terminal/print.js';
import { powerShellWord } from '../../terminal/shell-word.js';

/** A folder as `--home` names it. */
export interface NamedHome {
  /** Its place among the arguments. */
  readonly position: number;
  /** As it was typed. */
  readonly path: string;
  /** The same, with `~` for the home folder of the user. */
  readonly label: string;
}

export function namedHomes(
  paths: readonly string[],
  environment: NodeJS.ProcessEnv,
  platform = process.platform,
): NamedHome[] {
  const home = userHome(environment, platform);
  return paths.map((path, position) => ({ position, path, label: labelOf(path, home, platform) }));
}

/** Returns the absolute path of a home without symbolic links. @throws CodexHomeError */
export function folderOf(
  { path }: NamedHome,
  environment: NodeJS.ProcessEnv,
  platform = process.platform,
): string {
  // A shell expands `~` only at the start of a word, and not in `--home=~/x`. Those of Windows do not expand it.
  const home = userHome(environment, platform);
  const start = platform === 'win32' ? /^~(?=[/\\]|$)/ : /^~(?=\/|$)/;
  return resolveFolder(home ? path.replace(start, () => home) : path);
}

function userHome({ HOME, USERPROFILE }: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  return platform === 'win32' ? HOME || USERPROFILE : HOME;
}

/**
 * Returns the environment in which a home is read: with its own `.env`, and without a login that would be used in place of
 * the one in the folder.
 *
 * @throws CodexHomeError
 */
export function homeEnvironment(folder: string, environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { CODEX_ACCESS_TOKEN: _, ...others } = environmentWith(environment, { CODEX_HOME: folder });
  return withDotEnv(others);
}

/**
 * Returns what to type before a command so that it is for this home: `CODEX_HOME=~/work `, in PowerShell
 * `$env:CODEX_HOME='C:\\work'; `.
 */
export function commandPrefix({ path, label }: NamedHome, platform = process.platform): string {
  if (platform === 'win32') return `$env:CODEX_HOME=${powerShellWord(path)}; `;
  const isPlain = /^[\w~./+@%:-]+$/.test(label);
  return `CODEX_HOME=${isPlain ? label : `'${path.replaceAll("'", "'\\''")}'`} `;
}

/** Says on stderr that the login of the environment is not used. */
export async function warnAboutLogin(
  { CODEX_ACCESS_TOKEN: token }: NodeJS.ProcessEnv,
  stderr: TextOutput,
): Promise<void> {
  if (!token) return;
  await print(
    stderr,
    'codex-account-server: CODEX_ACCESS_TOKEN is not used: with --home, the login in the folder is.\n',
  );
}

function labelOf(path: string, home: string | undefined, platform: NodeJS.Platform): string {
  const endOf = platform === 'win32' ? /(?<=[^:])[/\\]+$/ : /(?<=.)\/+$/;
  const trimmed = path.replace(endOf, '');
  const base = home?.replace(endOf, '');
  const separator = platform === 'win32' ? /^[/\\]/ : /^\//;
  if (!base || !trimmed.startsWith(base)) return trimmed;
  const rest = trimmed.slice(base.length);
  return rest === '' || separator.test(rest) ? `~${rest}` : trimmed;
}
