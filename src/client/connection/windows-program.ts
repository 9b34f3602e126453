import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** How to start a program on Windows. */
export interface WindowsProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether the arguments are escaped already. */
  readonly windowsVerbatimArguments?: boolean;
}

/**
 * Finds a program by its name as a terminal of Windows does, with the endings of programs. A batch file, as `codex.cmd` of
 * npm is one, is run by the command interpreter, because node starts none. A program that is not found stays as it is.
 */
export function windowsProgram(command: string, args: readonly string[], env: Environment): WindowsProgram {
  const path = findProgram(command, valueOf(env, 'PATH'));
  if (path === undefined || !/\.(cmd|bat)$/i.test(path)) return { command: path ?? command, args };
  // The quotes keep the interpreter from everything in a path except %NAME%.
  const line = [`"${path}"`, ...args.map(escapeArgument)].join(' ');
  return {
    command: valueOf(env, 'COMSPEC') ?? 'cmd.exe',
    args: ['/d', '/s', '/c', `"${line}"`],
    windowsVerbatimArguments: true,
  };
}

const endings = ['.com', '.exe', '.bat', '.cmd'];

function findProgram(command: string, searchPath = ''): string | undefined {
  const folders = /[\\/]/.test(command) ? [''] : searchPath.split(delimiter).filter(Boolean);
  const hasEnding = endings.some((ending) => command.toLowerCase().endsWith(ending));
  // Without an ending npm has a script for other systems beside each batch file.
  const names = hasEnding ? [command] : endings.map((ending) => command + ending);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isFile);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Returns a variable in any case: a copy of the environment has `Path`. */
function valueOf(env: Environment, name: string): string | undefined {
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
