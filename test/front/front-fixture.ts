import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { isRunning } from '../../src/snapshot/reader.js';
import { cacheVariables } from '../support/files/cache-home.js';
import {
  type BuiltServer,
  type ClientFixture,
  type ClientOptions,
  withBuiltServer,
} from '../support/processes/built-server.js';

/** The program that stands in for the real codex; on Windows a batch file, as npm writes it for codex. */
export const standInPath = fileURLToPath(
  process.platform === 'win32'
    ? new URL('../support/processes/stand-in-codex.cmd', import.meta.url)
    : new URL('../support/processes/stand-in-codex.mjs', import.meta.url),
);

export interface FrontOptions extends ClientOptions {
  /** How the stand-in behaves; its own page lists the members. */
  readonly standIn?: object;
  /** Another program in its place. */
  readonly upstream?: string;
  /** Arguments behind those that name the upstream. */
  readonly more?: readonly string[];
}

/** An event that the stand-in has noted. */
export interface StandInEvent {
  readonly pid: number;
  readonly event: 'version' | 'start' | 'message' | 'end';
  readonly line?: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Whether a login was stored when it started. */
  readonly hasLogin?: boolean;
}

export interface FrontFixture extends ClientFixture {
  /** Lists the events that the stand-in has noted so far, except requests for its version. */
  events(): StandInEvent[];
  /** The messages that the stand-in got so far, parsed. */
  received(): Record<string, unknown>[];
}

export const clientInfo = { name: 'test', version: '1.0.0' };

/** Runs `act` with a built server that passes on to the stand-in. Fails if a process of the stand-in is left. */
export async function withFront(
  { standIn = {}, upstream = standInPath, more = [], ...options }: FrontOptions,
  act: (fixture: FrontFixture) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'front-'));
  const logPath = join(folder, 'log');
  const all = (): StandInEvent[] =>
    existsSync(logPath)
      ? readFileSync(logPath, 'utf8')
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as StandInEvent)
      : [];
  const events = (): StandInEvent[] => all().filter(({ event }) => event !== 'version');
  const environment = {
    STAND_IN: JSON.stringify(standIn),
    STAND_IN_LOG: logPath,
    ...cacheVariables(folder),
    ...options.environment,
  };
  const args = options.args ?? ['app-server', '--upstream', upstream, ...more];
  try {
    await withBuiltServer({ ...options, args: ['--version'], environment }, (fixture) => {
      // Logins go to the embedded issuer, whose port is known only now.
      const issuer = devEnvironment(fixture.backend.url);
      return act({
        ...fixture,
        server: fixture.start(args, issuer),
        start: (ownArgs = args, own = {}) => fixture.start(ownArgs, { ...issuer, ...own }),
        events,
        received: () =>
          events().flatMap(({ line }) =>
            line === undefined ? [] : [JSON.parse(line) as Record<string, unknown>],
          ),
      });
    });
    for (const { pid } of all()) await untilGone(pid);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves when the process has ended. */
export async function untilGone(pid: number | undefined): Promise<void> {
  while (pid !== undefined && isRunning(pid)) await pause(10);
}

/** Sends `initialize` and waits for its answer, whose id is 0. */
export async function initialize(server: BuiltServer, capabilities: object = {}): Promise<void> {
  server.send({ id: 0, method: 'initialize', params: { clientInfo, capabilities } });
  await server.answer(0);
}

/** The lines of the server so far, parsed, without the time of notifications and the answer to `initialize`. */
export function linesOf(server: BuiltServer): Record<string, unknown>[] {
  return server.lines.slice(1).map((line) => {
    const { emittedAtMs: _, ...message } = JSON.parse(line) as Record<string, unknown>;
    return message;
  });
}

/** The notification that the stand-in sends after its answer to `initialize`. */
export const greeting = { method: 'remoteControl/status/changed', params: { status: 'disabled' } };

export function answerOf(id: unknown, method: string, params: object = {}): object {
  return { id, result: { method, params, by: 'stand-in' } };
}
