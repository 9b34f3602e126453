import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startableProgram } from '../../../src/util/programs/startable-program.js';

export const builtProgram = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));

const npmBatchFile = fileURLToPath(new URL('stand-in-codex.cmd', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A folder for stand-ins of codex, with a program at `real/codex` that prints its arguments, one in each pair of brackets.
 * On Windows that is a batch file as npm writes it, `real/codex.cmd`.
 */
export interface StandIns {
  readonly folder: string;
  /** The path of that program. */
  readonly real: string;
  /** Writes a program for `sh`, which Windows lacks, and returns its path. */
  writeScript(name: string, ...lines: readonly string[]): string;
  /** Runs a command to its end. `path` are folders before PATH; stdin is what `input` has. */
  run(
    command: readonly string[],
    options?: {
      readonly path?: readonly string[];
      readonly environment?: Readonly<Record<string, string>>;
      readonly input?: Uint8Array;
    },
  ): Promise<Ended>;
  remove(): void;
}

export function createStandIns(): StandIns {
  const folder = mkdtempSync(join(tmpdir(), 'stand-ins-'));
  const writeScript: StandIns['writeScript'] = (name, ...lines) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${['#!/bin/sh', ...lines].join('\n')}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  return {
    folder,
    real:
      process.platform === 'win32'
        ? writeBatchFile(folder)
        : writeScript('real/codex', `[ $# -eq 0 ] || printf '[%s]' "$@"`),
    writeScript,
    async run([command = '', ...args], { path = [], environment = {}, input = new Uint8Array() } = {}) {
      const env = {
        PATH: [...path, process.env.PATH].join(delimiter),
        TMPDIR: process.env.TMPDIR,
        HOME: folder,
        ...environment,
      };
      const { command: file, args: words, ...verbatim } = startableProgram(command, args, env);
      const child = spawn(file, words, { ...verbatim, env });
      // A program that is gone shows in its exit code.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      const texts = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('latin1').on('data', (chunk: string) => {
          texts[name] += chunk;
        });
      }
      const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
      return { code, signal, ...texts };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Writes a batch file as npm does, with its script. Returns its path. */
function writeBatchFile(folder: string): string {
  mkdirSync(join(folder, 'real'));
  const print = "process.stdout.write(process.argv.slice(2).map((word) => `[${word}]`).join(''));";
  writeFileSync(join(folder, 'real/print.mjs'), print);
  const path = join(folder, 'real', 'codex.cmd');
  writeFileSync(path, readFileSync(npmBatchFile, 'latin1').replace('stand-in-codex.mjs', 'print.mjs'));
  return path;
}
