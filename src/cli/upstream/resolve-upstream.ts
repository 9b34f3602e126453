import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { findExecutable, isExecutable } from '../../util/files/executable.js';
import { isOwnFile } from './own-file.js';

/** The real codex, or a sentence about why there is none. */
export type ResolvedUpstream =
  | {
      readonly kind: 'found';
      /** The whole path. */
      readonly path: string;
      /** The environment to start it with. */
      readonly environment: NodeJS.ProcessEnv;
    }
  /** There is none on PATH. */
  | { readonly kind: 'none'; readonly message: string }
  /** It is this program, or leads back to it. */
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Finds the real codex.
 *
 * @param given a path, which may have a problem (`upstreamProblem`), or `auto` for the first `codex` on PATH that is
 * neither this program nor a shim of it
 * @param environment that of this process
 * @param argv that of this process
 */
export function resolveUpstream(
  given: string,
  environment: NodeJS.ProcessEnv,
  { argv: [, ownScript = ''] }: { readonly argv: readonly string[] },
): ResolvedUpstream {
  if (given === 'auto') {
    const found = findExecutable('codex', environment.PATH, (path) => !isOwnFile(path, ownScript));
    return found === undefined ? noneOnPath : started(resolve(found), environment);
  }
  const path = resolve(given);
  return isOwnFile(path, ownScript)
    ? refused(path, 'is this program itself; name the real codex, or use auto')
    : started(path, environment);
}

/** Returns a sentence about why a path cannot be started; undefined if it can. */
export function upstreamProblem(path: string): string | undefined {
  const stats = statsOf(path);
  const problem = !stats
    ? 'does not exist'
    : stats.isDirectory()
      ? 'is a folder; name the program in it'
      : isExecutable(path)
        ? undefined
        : 'is not an executable file';
  return problem && sentence(path, problem);
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Counts how often this program was started by itself, through any number of other programs. */
const depthName = 'CODEX_ACCOUNT_SERVER_DEPTH';

/** More than is started on purpose, as by an agent of codex that starts codex. */
const maxDepth = 8;

/** Refuses an upstream that leads back to this program: each would start one more of them. */
function started(path: string, environment: NodeJS.ProcessEnv): ResolvedUpstream {
  const depth = Number(environment[depthName]) || 0;
  return depth < maxDepth
    ? { kind: 'found', path, environment: { ...environment, [depthName]: `${depth + 1}` } }
    : refused(
        path,
        `starts this program again: ${depth} processes were started within each other; name the real codex`,
      );
}

function refused(path: string, problem: string): ResolvedUpstream {
  return { kind: 'refused', message: sentence(path, problem) };
}

function sentence(path: string, problem: string): string {
  return `the upstream ${JSON.stringify(path)} ${problem}`;
}

const noneOnPath: ResolvedUpstream = {
  kind: 'none',
  message: 'there is no codex on PATH other than this program; install it, or name its path with --upstream',
};
