import { safeLine } from '../util/text/safe-text.js';
import { directOutput } from './terminal/direct-output.js';
import { replaceProcess } from './upstream/replace-process.js';
import { resolveUpstream, upstreamProblem } from './upstream/resolve-upstream.js';
import type { PassedOn } from './upstream/upstream-line.js';

/**
 * Replaces this process by the real codex. This module is a bundle of its own, so that codex starts soon. Resolves with
 * the exit code: that of codex, or 2 if it cannot be started.
 */
export async function passOn({ upstream, args }: PassedOn): Promise<number> {
  const found = resolveUpstream(upstream, process.env, process);
  const problem = found.kind === 'found' ? upstreamProblem(found.path) : found.message;
  const ended = found.kind === 'found' && problem === undefined ? await replaceProcess(found, args) : problem;
  if (typeof ended === 'number') return ended;
  directOutput('stderr').write(`Error: ${safeLine(ended ?? '')}\n`);
  return 2;
}
