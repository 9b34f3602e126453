#!/usr/bin/env node
import process from 'node:process';
import { versionLine } from '../protocol/version.js';
import { readCommandLine } from './arguments.js';
import { answerFirst } from './first-answer.js';
import { loadPart } from './parts.js';
import { shortcutsOf } from './shortcuts.js';

/** Loads only what the command needs; resolves with the exit code. */
async function main(): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const command = readCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'appServer': {
      const introduction = await answerFirst(command, { input: stdin, output: stdout, environment: env });
      const shortcuts = shortcutsOf(env, process.platform);
      const part = loadPart('app-server', shortcuts.codeCacheFolder);
      const { exitCode, hasPolled } = await part.exports.runAppServer(command, { introduction, shortcuts });
      if (hasPolled) part.saveCode();
      return exitCode;
    }
    case 'version':
      stdout.write(versionLine);
      return 0;
    case 'refused':
      stderr.write(`Error: ${command.message}\n`);
      return command.exitCode;
    default:
      return loadPart('people').exports.runPeopleCommand(command);
  }
}

void main().then((exitCode) => process.exit(exitCode));
