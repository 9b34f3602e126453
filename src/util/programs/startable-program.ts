import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { npmScript } from './npm-script.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A program with its arguments, in a form that `spawn` of node can start. */
export interface StartableProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether a batch file was to be started. */
  readonly isBatchFile?: boolean;
  /** Whether the arguments are escaped already: the command interpreter runs the batch file. */
  readonly windowsVerbatimArguments?: boolean;
}

/**
 * Returns how to start a program. On Windows it is found by its name as a terminal does, with the endings of programs. For
 * a batch file of npm, as `codex.cmd` is one, node is started with its script: a kill ends that with all it has started.
 * Another batch file is run by the command interpreter, because node starts none. A program that is not found stays as it
 * is.
 */
export function startableProgram(
  command: string,
  args: readonly string[],
  env: Environment,
): StartableProgram {
  if (process.platform !== 'win32') return { command, args };
  const searchPath = valueOf(env, 'PATH');
  const path = findProgram(command, searchPath);
  if (path === undefined || !/\.(cmd|bat)$/i.test(path)) return { command: path ?? command, args };
  const npm = npmScript(path);
  const node = npm && (npm.node ?? findProgram('node.exe', searchPath));
  if (npm && node !== undefined) return { command: node, args: [npm.script, ...args], isBatchFile: true };
  // The quotes keep the interpreter from everything in a path except %NAME%.
  const line = [`"${path}"`, ...args.map(escapeArgument)].join(' ');
  return {
    command: valueOf(env, 'COMSPEC') ?? 'cmd.exe',
    args: ['/d', '/s', '/c', `"${line}"`],
    isBatchFile: true,
    windowsVerbatimArguments: true,
  };
}

function findProgram(command: string, searchPath = ''): string | undefined {
  const folders = /[\\/]/.test(command) ? [''] : searchPath.split(delimiter).filter(Boolean);
  const names = windowsNames(command);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isFile);
}

const endings = ['.com', '.exe', '.bat', '.cmd'];

/** Returns the names of the files that a command may mean on Windows. */
export function windowsNames(command: string): readonly string[] {
  const hasEnding = endings.some((ending) => command.toLowerCase().endsWith(ending));
  // Without an ending npm has a script for other systems beside each batch file.
  return hasEnding ? [command] : endings.map((ending) => command + ending);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Returns a variable in any case: a copy of the environment has `Path`. */
export function valueOf(env: Environment, name: string): string | undefined {
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}

/**
 * Quotes an argument for a program, and escapes it for the interpreter: twice, because a batch file that passes on its
 * arguments lets it read them again.
 */
function escapeArgument(argument: string): string {
  const quoted = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1');
  return escapeText(escapeText(`"${quoted}"`));
}

/** Escapes what the command interpreter does not take literally. */
function escapeText(text: string): string {
  return text.replace(/[()\][%!^"`<>&|;, *?]/g, '^$&');
}
