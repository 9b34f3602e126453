import { basename } from 'node:path';
import { findExecutable } from '../../../util/files/executable.js';
import type { UsageIo } from '../../io.js';
import type { UsageChoice } from '../arguments.js';
import { presets } from './table.js';
import { shellWord } from '../../terminal/shell-word.js';

/**
 * Returns the lines for the configuration of a preset's program, with the other options of this call.
 *
 * @param args the arguments of `usage`
 */
export async function installHelp(
  args: readonly string[],
  { output, isWatching }: UsageChoice,
  { env, program: { node, script } }: Pick<UsageIo, 'env' | 'program'>,
): Promise<string> {
  if (output.kind !== 'preset') throw new Error('--install-help is for --preset');
  const options = ['usage', ...args.filter((arg) => arg !== '--install-help')];
  // The program that runs the line may have been started without the variable.
  const home = env.CODEX_HOME ? ['env', `CODEX_HOME=${env.CODEX_HOME}`] : [];
  const whole = [...home, node, script, ...options];
  const words =
    findExecutable(basename(script), env.PATH) === script ? [...home, basename(script), ...options] : whole;
  const { install } = await presets[output.preset]();
  return install({
    words,
    shell: shellLine(words),
    wholePaths: shellLine(whole),
    isStream: isWatching,
  });
}

function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
