import { join } from 'node:path';
import { safeLine } from '../util/text/safe-text.js';
import type { Start } from './serve.js';
import { dropTlsSwitch } from './environment.js';
import type { CommandLine, ServerCommand } from './start/command-line.js';
import type { TextCommand } from './texts.js';

/** Runs a command. Loads only the modules that it needs. Resolves with the exit code. */
export async function runProgram(command: Exclude<CommandLine, TextCommand>, start: Start): Promise<number> {
  if (command.kind === 'appServer' && process.stdin.isTTY) {
    const exitCode = (await import('./server-on-terminal.js')).answerOnTerminal(
      process.argv.slice(2),
      command,
      process.stderr,
    );
    if (exitCode !== undefined) return exitCode;
  }
  const warning = dropTlsSwitch(process.env);
  switch (command.kind) {
    case 'appServer':
      return (await import('./serve.js')).serve(withWarning(command, warning), start);
    case 'generate':
      return (await import('./dev/generate.js')).runGenerate(command.command, command.args, {
        stdout: process.stdout,
        stderr: process.stderr.on('error', () => undefined),
        schemaFolder: join(import.meta.dirname, '..', 'schema'),
      });
    case 'refused':
      process.stderr.write(`Error: ${safeLine(command.message)}\n`);
      return command.exitCode;
    default:
      // A command goes on if no one reads its stderr.
      if (warning) process.stderr.on('error', () => undefined).write(`warning: ${warning}\n`);
      return (await import('./commands.js')).runTerminalCommand(command, start.saveCode);
  }
}

function withWarning(command: ServerCommand, warning: string | undefined): ServerCommand {
  return warning === undefined ? command : { ...command, warnings: [warning, ...command.warnings] };
}
