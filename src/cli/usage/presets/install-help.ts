import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import type { UsageIo } from '../../io.js';
import type { UsageChoice } from '../arguments.js';
import { presets } from './table.js';
import { shellWord } from './shell-word.js';

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
  const words = isOnPath(script, env.PATH) ? [...home, basename(script), ...options] : whole;
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

/** Returns whether the name of the script alone starts it. */
function isOnPath(script: string, path = ''): boolean {
  const first = path.split(delimiter).find((folder) => isExecutable(join(folder, basename(script))));
  return first !== undefined && join(first, basename(script)) === script;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
