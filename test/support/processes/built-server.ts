import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createDevHome, type DevHome, type DevHomeOptions } from '../../../src/dev-backend/home.js';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import type { Method, ResultOf } from '../../../src/protocol/methods.js';
import { requireNoSecrets, requireNoSecretsIn } from '../canaries.js';

const builtServerPath = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));
if (!existsSync(builtServerPath)) throw new Error(`${builtServerPath} is missing: run npm run build first`);

export interface Answer {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data: unknown };
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A client's end of a server in its own process. */
export interface BuiltServer {
  readonly child: ChildProcessWithoutNullStreams;
  /** Every complete line of stdout so far, without its end. */
  readonly lines: readonly string[];
  /** All of stdout and stderr so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Writes text unchanged, in one write. */
  write(text: string): void;
  /** Writes a message as one line. */
  send(message: object): void;
  /** The first answer with this id; rejects when the server ends without one. */
  answer(id: string | number): Promise<Answer>;
  /** Resolves with the first notification of this method; rejects as `answer`. */
  notification(method: string): Promise<unknown>;
  /** The result in that answer; rejects when it is an error. */
  result<M extends Method>(method: M, id: string | number): Promise<ResultOf<M>>;
  /** Sends a request and resolves with its result. */
  call<M extends Method>(id: string | number, method: M, params?: unknown): Promise<ResultOf<M>>;
  /** Resolves once the process is gone and everything it wrote has arrived. */
  readonly exited: Promise<Exit>;
}

export interface StartOptions {
  /** The arguments; `app-server` unless given. */
  readonly args?: readonly string[];
  /** All variables except PATH and TMPDIR; one that is undefined is not set. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A command, with its arguments, that runs the server. It must become the server: `exec`. */
  readonly launcher?: readonly string[];
}

/** Starts the built server. The caller ends it with `stopServer`. */
export function startBuiltServer(options: StartOptions): BuiltServer {
  const { args = ['app-server'], environment, launcher = [] } = options;
  const [command = '', ...words] = [...launcher, process.execPath, builtServerPath, ...args];
  const child = spawn(command, words, {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...environment },
  });
  // A server that is gone shows in its exit code.
  child.stdin.on('error', () => undefined);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let hasEnded = false;
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const resume of waiting.splice(0)) resume();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    wake();
  });
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const exited = once(child, 'close').then(([code, signal]) => {
    hasEnded = true;
    wake();
    return { code, signal };
  });
  const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
  const linesSoFar = (): string[] => textOf(stdout).split('\n').slice(0, -1);

  const write = (text: string): void => {
    child.stdin.write(text);
  };
  const send = (message: object): void => write(`${JSON.stringify(message)}\n`);
  async function untilMessage(name: string | number, isIt: (message: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const found = linesSoFar()
        .map((line) => JSON.parse(line) as Answer)
        .find(isIt);
      if (found) return found;
      if (hasEnded) throw new Error(`no answer to ${name}; stderr: ${textOf(stderr)}`);
      await new Promise<void>((resume) => waiting.push(resume));
    }
  }
  const answer = (id: string | number): Promise<Answer> =>
    untilMessage(id, (message) => message.id === id && !('method' in message));
  const notification = (method: string): Promise<unknown> =>
    untilMessage(method, (message) => 'method' in message && message.method === method);
  async function result<M extends Method>(_method: M, id: string | number): Promise<ResultOf<M>> {
    const { result: found, error } = await answer(id);
    if (error) throw new Error(error.message);
    return found as ResultOf<M>;
  }

  return {
    child,
    get lines() {
      return linesSoFar();
    },
    stdout: () => textOf(stdout),
    stderr: () => textOf(stderr),
    write,
    send,
    answer,
    notification,
    result,
    call(id, method, params) {
      send({ id, method, params });
      return result(method, id);
    },
    exited,
  };
}

/** Kills the server if it still runs. Rejects if it has written a secret. */
export async function stopServer(server: BuiltServer): Promise<void> {
  server.child.kill('SIGKILL');
  await server.exited;
  requireNoSecrets({ lines: server.lines, log: server.stderr() });
}

export interface ClientOptions extends Pick<DevHomeOptions, 'auth'> {
  readonly args?: readonly string[];
  /** Variables in addition to PATH, CODEX_HOME and HOME; undefined removes one. */
  readonly environment?: StartOptions['environment'];
  /** `fresh` unless given. */
  readonly scenario?: ScenarioName;
}

export interface ClientFixture {
  readonly backend: DevBackend;
  readonly home: DevHome;
  readonly server: BuiltServer;
  /** Starts one more server on the same CODEX_HOME; `environment` is added to that of the first. */
  start(args?: readonly string[], environment?: StartOptions['environment']): BuiltServer;
}

/** Runs `act` with the embedded backend, a CODEX_HOME that names it, and a server on that; then ends all of them. */
export async function withBuiltServer(
  { args, environment, scenario, auth }: ClientOptions,
  act: (fixture: ClientFixture) => Promise<void>,
): Promise<void> {
  const backend = await startDevBackend(scenario && { scenario });
  const home = createDevHome({ backendUrl: backend.url, ...(auth && { auth }) });
  const servers: BuiltServer[] = [];
  const start: ClientFixture['start'] = (ownArgs = args, ownEnvironment = {}) => {
    const server = startBuiltServer({
      ...(ownArgs && { args: ownArgs }),
      environment: { CODEX_HOME: home.path, HOME: tmpdir(), ...environment, ...ownEnvironment },
    });
    servers.push(server);
    return server;
  };
  try {
    await act({ backend, home, server: start(), start });
  } finally {
    await Promise.all(servers.map(stopServer));
    await backend.close();
    requireNoSecretsIn(home.path);
    home.remove();
  }
}
