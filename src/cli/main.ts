#!/usr/bin/env node
import { versionLine } from '../protocol/version.js';
import type { ServerCommand } from './command-line.js';
import { answerFirst } from './first-answer.js';
import { loadPart } from './parts.js';
import { isPlainServerCommand } from './plain-arguments.js';
import { shortcutsOf } from './shortcuts.js';

/** Loads only what the command needs; resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (isPlainServerCommand(args)) return serve({ overrides: [], warnings: [], isReadOnly: false });
  const { printAll, readCommandLine } = loadPart('command-line').exports;
  const command = readCommandLine(args);
  switch (command.kind) {
    case 'appServer':
      return serve(command);
    case 'version':
      return printAll('', versionLine, process);
    case 'refused':
      process.stderr.write(`Error: ${command.message}\n`);
      return command.exitCode;
    case 'redeem':
      return loadPart('redeem').exports.runRedeemCommand(command.args);
    default:
      return loadPart('people').exports.runPeopleCommand(command);
  }
}

/** The first answer comes before the server is loaded. */
async function serve(command: ServerCommand): Promise<number> {
  const { stdin: input, stdout: output, env: environment } = process;
  // Until the server obeys signals itself nothing is under way.
  const exit = (): never => process.exit(0);
  process.once('SIGTERM', exit);
  const introduction = await answerFirst(command, { input, output, environment });
  const shortcuts = shortcutsOf(environment, process.platform);
  const part = loadPart('app-server', shortcuts.codeCacheFolder);
  return part.exports.runAppServer(command, {
    introduction,
    shortcuts,
    onStarted: () => process.off('SIGTERM', exit),
    saveCode: part.saveCode,
  });
}

void main(process.argv.slice(2)).then((exitCode) => process.exit(exitCode));
