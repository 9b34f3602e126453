#!/usr/bin/env node
import { join } from 'node:path';
import { loadScript } from './start/code-cache.js';
import { codeCacheFolder } from './environment.js';

// The program is a separate file, because node compiles its main script itself and takes no code from a cache for it.
const { exports, saveCode } = loadScript(
  join(import.meta.dirname, 'program.cjs'),
  codeCacheFolder(process.env, process.platform),
);
const { runProgram } = exports as typeof import('./program.js');
void runProgram(process.argv.slice(2), saveCode).then((exitCode) => process.exit(exitCode));
