import { resolveFolder } from '../../../config/codex-home.js';
import { withDotEnv } from '../../environment.js';
import { print, type TextOutput } from '../../terminal/print.js';

/** A folder as `--home` names it. */
export interface NamedHome {
  /** Its place among the arguments. */
  readonly position: number;
  /** As it was typed. */
  readonly path: string;
  /** The same, with `~` for the home folder of the user. */
  readonly label: string;
}

export function namedHomes(paths: readonly string[], { HOME: home }: NodeJS.ProcessEnv): NamedHome[] {
  return paths.map((path, position) => ({ position, path, label: labelOf(path, home) }));
}

/** Returns the absolute path of a home without symbolic links. @throws CodexHomeError */
export function folderOf({ path }: NamedHome, { HOME: home }: NodeJS.ProcessEnv): string {
  // A shell expands `~` only at the start of a word, and not in `--home=~/x`.
  return resolveFolder(home ? path.replace(/^~(?=\/|$)/, () => home) : path);
}

/**
 * Returns the environment in which a home is read: with its own `.env`, and without a login that would be used in place of
 * the one in the folder.
 *
 * @throws CodexHomeError
 */
export function homeEnvironment(folder: string, environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { CODEX_ACCESS_TOKEN: _, ...others } = environment;
  return withDotEnv({ ...others, CODEX_HOME: folder });
}

/** Returns what to type before a command so that it is for this home: `CODEX_HOME=~/work `. */
export function commandPrefix({ path, label }: NamedHome): string {
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

function labelOf(path: string, home: string | undefined): string {
  const trimmed = path.replace(/(?<=.)\/+$/, '');
  const base = home?.replace(/\/+$/, '');
  if (!base || !(trimmed === base || trimmed.startsWith(`${base}/`))) return trimmed;
  return `~${trimmed.slice(base.length)}`;
}
