import { versionLine } from '../protocol/version.js';
import { readCommandLine } from './start/command-line.js';
import { printAll } from './terminal/print.js';

/**
 * Runs a command line. Loads only the modules that its command needs.
 *
 * @param saveCode saves the compiled code for the next process; undefined if there is nothing to save
 * @returns the exit code
 */
export async function runProgram(
  args: readonly string[],
  saveCode: (() => void) | undefined,
): Promise<number> {
  const command = readCommandLine(args);
  switch (command.kind) {
    case 'appServer':
      return (await import('./serve.js')).serve(command, saveCode);
    case 'version':
      return printAll('', versionLine, process);
    case 'refused':
      process.stderr.write(`Error: ${command.message}\n`);
      return command.exitCode;
    default:
      return (await import('./commands.js')).runTerminalCommand(command);
  }
}
