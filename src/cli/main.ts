#!/usr/bin/env node
import { join } from 'node:path';
import { loadScript } from './start/code-cache.js';
import { codeCacheFolder } from './environment.js';

// SIGTERM before the server handles it ends the process as the end of the input would (D7).
const exit = (): never => process.exit(0);
process.once('SIGTERM', exit);

// The program is a separate file, because node compiles its main script itself and takes no code from a cache for it.
const { exports, saveCode } = loadScript(
  join(import.meta.dirname, 'program.cjs'),
  codeCacheFolder(process.env, process.platform),
);
const { runProgram } = exports as typeof import('./program.js');
const onSignalsHandled = (): void => void process.off('SIGTERM', exit);
void runProgram(process.argv.slice(2), { saveCode, onSignalsHandled }).then((exitCode) =>
  process.exit(exitCode),
);
