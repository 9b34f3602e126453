import { safeLine } from '../util/safe-text.js';
import { directOutput } from './terminal/direct-output.js';
import { ownProgram } from './own-program.js';
import { replaceProcess } from './upstream/replace-process.js';
import { resolveUpstream, UpstreamError, upstreamEnvironment } from './upstream/resolve-upstream.js';
import type { PassedOn } from './upstream/upstream-line.js';

/**
 * Replaces this process by the real codex. This module is a bundle of its own, so that codex starts soon. Resolves with
 * the exit code: that of codex, or 2 if it cannot be started.
 */
export async function passOn({ upstream, args }: PassedOn): Promise<number> {
  const { env } = process;
  try {
    const path = resolveUpstream(upstream, { searchPath: env.PATH, ownScript: ownProgram.script });
    return await replaceProcess(path, args, upstreamEnvironment(path, env));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    directOutput('stderr').write(`Error: ${safeLine(error.message)}\n`);
    return 2;
  }
}
