import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { findExecutable, isExecutable } from '../../util/files/executable.js';
import { isOwnFile } from './own-file.js';

/** The real codex cannot be started. The message names the path, and says what to do. */
export class UpstreamError extends Error {}

export interface UpstreamContext {
  /** The variable PATH. */
  readonly searchPath: string | undefined;
  /** The path of this program; it may be a link. */
  readonly ownScript: string;
}

/**
 * Returns the whole path of the real codex.
 *
 * @param upstream a path, or `auto` for the first `codex` on the search path that is neither this program nor a shim of
 * it
 * @throws UpstreamError
 */
export function resolveUpstream(upstream: string, { searchPath, ownScript }: UpstreamContext): string {
  if (upstream === 'auto') {
    const found = findExecutable('codex', searchPath, (path) => !isOwnFile(path, ownScript));
    if (found !== undefined) return resolve(found);
    throw new UpstreamError(
      'there is no codex on PATH other than this program; install it, or name its path with --upstream',
    );
  }
  const path = resolve(upstream);
  const name = `the upstream ${JSON.stringify(path)}`;
  const stats = statsOf(path);
  if (!stats) throw new UpstreamError(`${name} does not exist`);
  if (stats.isDirectory()) throw new UpstreamError(`${name} is a folder; name the program in it`);
  if (!isExecutable(path)) throw new UpstreamError(`${name} is not an executable file`);
  if (isOwnFile(path, ownScript)) {
    throw new UpstreamError(`${name} is this program itself; name the real codex, or use auto`);
  }
  return path;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

const depthName = 'CODEX_ACCOUNT_SERVER_DEPTH';

/** More processes than are started within each other on purpose, as by an agent that starts codex. */
const maxDepth = 8;

/**
 * Returns the environment for the real codex. It counts how often this program was started by itself, through any
 * number of other programs.
 *
 * @throws UpstreamError if that was so often that the upstream must lead back to this program
 */
export function upstreamEnvironment(path: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const depth = Number(env[depthName]) || 0;
  if (depth >= maxDepth) {
    throw new UpstreamError(
      `the upstream ${JSON.stringify(path)} starts this program again: ${depth} processes were started within each other; name the real codex`,
    );
  }
  return { ...env, [depthName]: `${depth + 1}` };
}
