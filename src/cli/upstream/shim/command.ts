import { resolve } from 'node:path';
import { findExecutable } from '../../../util/files/executable.js';
import { safeLine } from '../../../util/text/safe-text.js';
import type { ShimIo } from '../../io.js';
import { printAll } from '../../terminal/print.js';
import { powerShellWord } from '../../terminal/shell-word.js';
import { wrongUse } from '../../wrong-use.js';
import { resolveUpstream, upstreamProblem } from '../resolve-upstream.js';
import { readShimArguments, type ShimChoice } from './arguments.js';
import { removeShim, ShimError, shimPath, writeShim } from './shim-file.js';
import { shellQuoted } from './shim-text.js';
import { shimStatus } from './status.js';

const helpText = `Usage: codex-account-server shim install --dir DIR [--upstream PATH]
       codex-account-server shim remove --dir DIR
       codex-account-server shim status

Puts this program in codex's place for programs that start "codex". What is
not its own, such as "codex exec", it leaves to the real codex.

  install           write the program DIR/codex; the folder is made if needed
  remove            remove it
  status            show which codex is found on PATH, and the real one
      --dir DIR     the folder
      --upstream PATH   the real codex; without it, the next one on PATH
  -h, --help        show this help

A file that install did not write is neither overwritten nor removed. PATH and
the startup files of your shell are never changed.

Exit codes: 0 done, or status: in codex's place; 1 not; 2 wrong usage.
`;

/** Writes or removes a `codex` that starts this program. Resolves with the exit code. */
export async function runShim(args: readonly string[], io: ShimIo): Promise<number> {
  let choice: ShimChoice;
  try {
    choice = readShimArguments(args);
  } catch (error) {
    io.stderr.write(wrongUse('shim', error));
    return 2;
  }
  try {
    switch (choice.kind) {
      case 'help':
        return await printAll('shim', helpText, io);
      case 'install':
        return await install(choice, io);
      case 'remove':
        return await printAll('shim', remove(choice.folder, io), io);
      case 'status': {
        const { text, isInPlace } = shimStatus(io);
        const exitCode = await printAll('shim', text, io);
        return isInPlace ? exitCode : 1;
      }
    }
  } catch (error) {
    if (!(error instanceof ShimError)) throw error;
    return fail(1, error.message, io);
  }
}

function fail(exitCode: 1 | 2, message: string, { stderr }: ShimIo): 1 | 2 {
  stderr.write(`Error: ${safeLine(message)}\n`);
  return exitCode;
}

/** @throws ShimError */
async function install(
  { folder: named, upstream: given }: Extract<ShimChoice, { kind: 'install' }>,
  io: ShimIo,
): Promise<number> {
  const { argv, execPath, platform } = io.process;
  const found = resolveUpstream(given, io.serverEnv, io.process);
  const problem = found.kind === 'found' ? upstreamProblem(found.path) : found.message;
  // The next codex on PATH may be installed later.
  if (problem !== undefined && given !== 'auto') return fail(2, problem, io);
  const upstream = found.kind === 'found' && given !== 'auto' ? found.path : 'auto';
  const folder = resolve(named);
  const path = writeShim(folder, { node: execPath, script: argv[1] ?? '', upstream }, platform);
  const lines = [
    `Wrote ${safeLine(path)}.`,
    found.kind === 'found'
      ? `The real codex is ${safeLine(found.path)}.`
      : `Until there is one, other commands fail: ${safeLine(found.message)}.`,
    isFirst(path, io.serverEnv.PATH)
      ? 'It is the first codex on your PATH.'
      : `To use it, put the folder first on PATH, ${pathAdvice(folder, platform)}`,
  ];
  return printAll('shim', `${lines.join('\n')}\n`, io);
}

/** Returns where PATH is set, with an example. */
function pathAdvice(folder: string, platform: NodeJS.Platform): string {
  return platform === 'win32'
    ? `in the environment variables of your account. For one PowerShell:\n  $env:PATH=${powerShellWord(`${folder};`)} + $env:PATH`
    : `as in ~/.profile:\n  export PATH=${shellQuoted(folder)}:"$PATH"`;
}

function isFirst(path: string, searchPath: string | undefined): boolean {
  const first = findExecutable('codex', searchPath);
  return first !== undefined && resolve(first) === path;
}

/** @throws ShimError */
function remove(named: string, { process: { platform } }: ShimIo): string {
  const folder = resolve(named);
  const path = removeShim(folder, platform);
  if (path === undefined) throw new ShimError(`${JSON.stringify(shimPath(folder, platform))} does not exist`);
  return `Removed ${safeLine(path)}. Take ${safeLine(folder)} off PATH if nothing else is in it.\n`;
}
