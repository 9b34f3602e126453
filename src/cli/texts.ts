import { versionText } from '../protocol/version.js';
import { runCompletion } from './completion/command.js';
import { helpText } from './help.js';
import type { CommandLine } from './start/command-line.js';
import { directOutput } from './terminal/direct-output.js';
import { printAll } from './terminal/print.js';

export type TextCommand = Extract<CommandLine, { kind: 'version' | 'help' | 'completion' }>;

/** Prints a text that depends on the arguments alone. Resolves with the exit code. */
export async function printText(command: TextCommand): Promise<number> {
  const io = { stdout: directOutput('stdout'), stderr: directOutput('stderr') };
  switch (command.kind) {
    case 'version':
      return printAll('', versionText, io);
    case 'help':
      return printAll('', helpText(), io);
    case 'completion':
      return runCompletion(command.args, io);
  }
}
