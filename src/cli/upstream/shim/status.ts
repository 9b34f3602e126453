import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findExecutable } from '../../../util/files/executable.js';
import { safeLine } from '../../../util/text/safe-text.js';
import type { ShimIo } from '../../io.js';
import { isOwnFile, isShim } from '../own-file.js';
import { resolveUpstream, upstreamProblem } from '../resolve-upstream.js';
import { upstreamOf } from './shim-text.js';

/** Says which codex is found on PATH, and which one is the real one. */
export function shimStatus({ serverEnv, process }: Pick<ShimIo, 'serverEnv' | 'process'>): {
  readonly text: string;
  /** Whether this program is found as codex, and finds the real one. */
  readonly isInPlace: boolean;
} {
  const found = findExecutable('codex', serverEnv.PATH);
  const path = found === undefined ? undefined : resolve(found);
  const isOurs = path !== undefined && isOwnFile(path, process.argv[1] ?? '');
  const baked = path !== undefined && isShim(path) ? upstreamOf(readFileSync(path, 'utf8')) : undefined;
  const upstream = baked ?? (serverEnv.CODEX_ACCOUNT_SERVER_UPSTREAM || 'auto');
  const real = resolveUpstream(upstream, serverEnv, process);
  const problem = real.kind === 'found' ? upstreamProblem(real.path) : real.message;
  const kind = isOurs ? 'this program' : 'not this program';
  return {
    text: `codex on PATH: ${path === undefined ? 'none' : `${safeLine(path)} (${kind})`}
upstream:      ${safeLine(upstream)}
real codex:    ${safeLine(real.kind === 'found' && problem === undefined ? real.path : `none: ${problem ?? ''}`)}
`,
    isInPlace: isOurs && problem === undefined,
  };
}
