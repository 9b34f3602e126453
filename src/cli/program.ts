import { versionLine } from '../protocol/version.js';
import type { Start } from './serve.js';
import { readCommandLine } from './start/command-line.js';
import { printAll } from './terminal/print.js';

/** Runs a command line. Loads only the modules that its command needs. Resolves with the exit code. */
export async function runProgram(args: readonly string[], start: Start): Promise<number> {
  const command = readCommandLine(args);
  if (command.kind !== 'appServer') start.onSignalsHandled();
  switch (command.kind) {
    case 'appServer':
      return (await import('./serve.js')).serve(command, start);
    case 'version':
      return printAll('', versionLine, process);
    case 'refused':
      process.stderr.write(`Error: ${command.message}\n`);
      return command.exitCode;
    default:
      return (await import('./commands.js')).runTerminalCommand(command);
  }
}
