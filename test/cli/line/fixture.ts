import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { type ClientFixture, withBuiltServer } from '../../support/processes/built-server.js';

/** The shells that the script is for, each with the words that start it. */
const allShells: Readonly<Record<string, readonly string[]>> = {
  dash: ['dash'],
  bash: ['bash'],
  busybox: ['busybox', 'sh'],
};

/** Returns the words that start a shell. */
export const programOf = (shell: string): string => (allShells[shell] ?? [shell]).join(' ');

export const isInstalled = (program: string): boolean =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;

export const shells = Object.keys(allShells).filter(isInstalled);
const missing = Object.keys(allShells).filter((shell) => !shells.includes(shell));
if (missing.length > 0)
  process.stderr.write(`${missing.join(', ')}: not installed, so no line is printed in\n`);

export interface LineOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LineOptions {
  /** `dash` unless given. */
  readonly shell?: string;
  /** Variables in addition to the usual ones; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface LineFixture extends Pick<ClientFixture, 'backend' | 'start'> {
  readonly home: string;
  /** The folder of the stored reads and lines. */
  readonly folder: string;
  /** A folder with `codex-account-line` and `codex-account-server`, for PATH. */
  readonly bin: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs `codex-account-line` until it exits. */
  line(args: readonly string[], options?: LineOptions): Promise<LineOutcome>;
  /** Resolves with the number of starts of `codex-account-server`, when there are that many and all have ended. */
  starts(atLeast?: number): Promise<number>;
  /** Returns the number of requests for the limits. */
  requests(): number;
  /** Returns the path of the only line. */
  path(): string;
  /** Makes all stored reads and lines older. */
  age(seconds: number): void;
}

export async function withLine(
  options: { scenario?: ScenarioName; auth?: 'chatgpt' | 'none' },
  act: (fixture: LineFixture) => Promise<void>,
): Promise<void> {
  const bin = mkdtempSync(join(tmpdir(), 'codex-account-line-'));
  const log = join(bin, 'starts');
  writeFileSync(log, '');
  symlinkSync(resolve('dist/line.sh'), join(bin, 'codex-account-line'));
  writeFileSync(
    join(bin, 'codex-account-server'),
    `#!/bin/sh\necho started >>'${log}'\n'${process.execPath}' '${resolve('dist/main.cjs')}' "$@"\ncode=$?\necho ended >>'${log}'\nexit $code\n`,
    { mode: 0o755 },
  );
  try {
    await withBuiltServer(
      { args: ['--version'], scenario: 'at-limit', ...options },
      async ({ backend, home, start }) => {
        const folder = join(home.path, 'account-server');
        const env = {
          PATH: `${bin}:${process.env.PATH}`,
          HOME: bin,
          CODEX_HOME: home.path,
          LANG: 'C.UTF-8',
          TZ: 'UTC',
          ...devEnvironment(backend.url),
        };
        await act({
          backend,
          start,
          home: home.path,
          folder,
          bin,
          env,
          line: async (args, { shell = 'dash', env: own, cwd } = {}) => {
            const [program = '', ...words] = allShells[shell] ?? [shell];
            const child = spawn(program, [...words, join(bin, 'codex-account-line'), ...args], {
              env: { ...env, ...own },
              cwd,
              stdio: ['ignore', 'pipe', 'pipe'],
            });
            const [stdout, stderr, [code]] = await Promise.all([
              text(child.stdout),
              text(child.stderr),
              once(child, 'close') as Promise<[number | null]>,
            ]);
            return { code, stdout, stderr };
          },
          async starts(atLeast = 0) {
            for (;;) {
              const words = readFileSync(log, 'utf8').split('\n');
              const count = words.filter((word) => word === 'started').length;
              if (count >= atLeast && count === words.filter((word) => word === 'ended').length) return count;
              await pause(20);
            }
          },
          requests: () => backend.requests.filter(({ url }) => url.endsWith('/usage')).length,
          path: () => join(folder, onlyLine(folder)),
          age(seconds) {
            for (const name of readdirSync(folder)) ageFile(join(folder, name), seconds);
          },
        });
      },
    );
  } finally {
    rmSync(bin, { recursive: true, force: true });
  }
}

function onlyLine(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^line-[\d-]+$/.test(name)) : [];
  if (names.length !== 1) throw new Error(`${names.length} lines are stored`);
  return names[0] ?? '';
}

function ageFile(path: string, seconds: number): void {
  const old = (number: string): string => `${Number(number) - seconds}`;
  const content = (): string => readFileSync(path, 'utf8');
  if (/line-[\d-]+$/.test(path)) {
    writeFileSync(
      path,
      content().replace(
        /^(\S+ 1) (\d+) (\d+)/,
        (_, start: string, one: string, other: string) => `${start} ${old(one)} ${old(other)}`,
      ),
    );
  } else if (path.endsWith('.try')) {
    writeFileSync(path, content().replace(/\d+/, old));
  } else if (path.endsWith('.json')) {
    writeFileSync(
      path,
      content().replace(
        /("readAtMs":)(\d+)/,
        (_, name: string, atMs: string) => `${name}${Number(atMs) - seconds * 1000}`,
      ),
    );
  }
}
