#!/usr/bin/env node
import { join } from 'node:path';
import { codeCacheFolder } from './environment.js';
import { type LoadedScript, loadScript } from './start/code-cache.js';
import { type CommandLine, readCommandLine, usesUpstream } from './start/command-line.js';
import { offlineCommand } from './start/offline-command.js';
import { type PassedOn, readUpstreamLine } from './upstream/upstream-line.js';

// Node would open its debugger, through which any program of the user can read tokens. Without a listener the signal kills.
if (process.platform !== 'win32') process.once('SIGUSR1', () => process.kill(process.pid, 'SIGUSR1'));

// The program is in other files, because node compiles its main script itself and takes no code from a cache for it.
void run(readLine(process.argv.slice(2))).then((exitCode) => process.exit(exitCode));

function readLine(args: readonly string[]): CommandLine | PassedOn {
  const line = readUpstreamLine(args, process.env);
  return line.kind === 'ours' ? readCommandLine(line.args) : line;
}

/** Loads only what the command needs. Resolves with the exit code. */
async function run(command: CommandLine | PassedOn): Promise<number> {
  if (command.kind === 'passOn') {
    return (load('pass-on', command.kind).exports as typeof import('./pass-on.js')).passOn(command);
  }
  // SIGTERM before the server handles it ends the process as the end of the input would (D7).
  const exit = (): never => process.exit(0);
  if (command.kind === 'appServer') process.once('SIGTERM', exit);
  const onSignalsHandled = (): void => void process.off('SIGTERM', exit);

  if (command.kind === 'version' || command.kind === 'help' || command.kind === 'completion') {
    const { printText } = load('texts', command.kind).exports as typeof import('./texts.js');
    return printText(command);
  }
  const offline = offlineCommand(command, process.env);
  if (offline) {
    const { exports, saveCode } = load('offline', command.kind);
    const { runOffline } = exports as typeof import('./offline.js');
    const exitCode = await runOffline(offline, saveCode);
    if (exitCode !== undefined) return exitCode;
  }
  const use = usesUpstream(command, process.env) ? `${command.kind}Upstream` : command.kind;
  const { exports, saveCode } = load('program', use);
  const { runProgram } = exports as typeof import('./program.js');
  return runProgram(command, { saveCode, onSignalsHandled });
}

type Bundle = 'texts' | 'pass-on' | 'offline' | 'program';

/** @param use what the process does, for the cache of compiled code */
function load(name: Bundle, use: string): LoadedScript {
  // The code of these is short: to compile it takes less time than to read a cache.
  const isShort = name === 'texts' || name === 'pass-on';
  const folder = isShort ? undefined : codeCacheFolder(process.env, process.platform);
  return loadScript(join(import.meta.dirname, `${name}.cjs`), folder, use);
}
