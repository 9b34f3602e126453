import { versionText } from '../protocol/version.js';
import { safeLine } from '../util/safe-text.js';
import type { Start } from './serve.js';
import { dropTlsSwitch } from './environment.js';
import { readCommandLine, type ServerCommand } from './start/command-line.js';
import { printAll } from './terminal/print.js';

/** Runs a command line. Loads only the modules that its command needs. Resolves with the exit code. */
export async function runProgram(args: readonly string[], start: Start): Promise<number> {
  const command = readCommandLine(args);
  if (command.kind === 'appServer' && process.stdin.isTTY) {
    const exitCode = (await import('./server-on-terminal.js')).answerOnTerminal(
      args,
      command,
      process.stderr,
    );
    if (exitCode !== undefined) return exitCode;
  }
  const warning = dropTlsSwitch(process.env);
  if (command.kind !== 'appServer') start.onSignalsHandled();
  switch (command.kind) {
    case 'appServer':
      return (await import('./serve.js')).serve(withWarning(command, warning), start);
    case 'version':
      return printAll('', versionText, process);
    case 'refused':
      process.stderr.write(`Error: ${safeLine(command.message)}\n`);
      return command.exitCode;
    default:
      // A command goes on if no one reads its stderr.
      if (warning) process.stderr.on('error', () => undefined).write(`warning: ${warning}\n`);
      return (await import('./commands.js')).runTerminalCommand(command);
  }
}

function withWarning(command: ServerCommand, warning: string | undefined): ServerCommand {
  return warning === undefined ? command : { ...command, warnings: [warning, ...command.warnings] };
}
