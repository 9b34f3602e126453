#!/usr/bin/env node
import process from 'node:process';
import { versionLine } from '../protocol/version.js';
import { readCommandLine } from './arguments.js';
import { answerFirst } from './first-answer.js';
import { loadPart } from './parts.js';

/** Loads only what the command needs; resolves with the exit code. */
async function main(): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const command = readCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'appServer': {
      const handedOver = await answerFirst(command, { input: stdin, output: stdout, environment: process.env });
      return loadPart('app-server').runAppServer(command, handedOver);
    }
    case 'version':
      stdout.write(versionLine);
      return 0;
    case 'refused':
      stderr.write(`Error: ${command.message}\n`);
      return command.exitCode;
    default:
      return loadPart('people').runPeopleCommand(command);
  }
}

void main().then((exitCode) => process.exit(exitCode));
