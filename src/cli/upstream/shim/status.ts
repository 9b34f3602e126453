import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findExecutable } from '../../../util/files/executable.js';
import { safeLine } from '../../../util/safe-text.js';
import type { ShimIo } from '../../io.js';
import { isOwnFile, isShim } from '../own-file.js';
import { resolveUpstream, UpstreamError } from '../resolve-upstream.js';
import { upstreamOf } from './shim-text.js';

/** Says which codex is found on PATH, and which one is the real one. */
export function shimStatus({ serverEnv, program }: Pick<ShimIo, 'serverEnv' | 'program'>): {
  readonly text: string;
  /** Whether this program is found as codex, and finds the real one. */
  readonly isInPlace: boolean;
} {
  const { PATH: searchPath, CODEX_ACCOUNT_SERVER_UPSTREAM: fromEnv } = serverEnv;
  const found = findExecutable('codex', searchPath);
  const path = found === undefined ? undefined : resolve(found);
  const isOurs = path !== undefined && isOwnFile(path, program.script);
  const baked = path !== undefined && isShim(path) ? upstreamOf(readFileSync(path, 'utf8')) : undefined;
  const upstream = baked ?? (fromEnv || 'auto');
  let real: string;
  let isFound = true;
  try {
    real = resolveUpstream(upstream, { searchPath, ownScript: program.script });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    real = `none: ${error.message}`;
    isFound = false;
  }
  const kind = isOurs ? 'this program' : 'not this program';
  const text = `codex on PATH: ${path === undefined ? 'none' : `${safeLine(path)} (${kind})`}
upstream:      ${safeLine(upstream)}
real codex:    ${safeLine(real)}
`;
  return { text, isInPlace: isOurs && isFound };
}
