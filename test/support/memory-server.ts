import { PassThrough } from 'node:stream';
import type { AuthEnvironment } from '../../src/auth/create-auth.js';
import { createHttpConnections } from '../../src/backend/http/connections.js';
import { type BackendTimeLimits, defaultTimeLimits } from '../../src/backend/request/time-limit.js';
import type { AdministratorFiles } from '../../src/config/layers/layers.js';
import type { Table } from '../../src/config/layers/table.js';
import { advertisedVersion } from '../../src/protocol/version.js';
import type { CreatePassOn } from '../../src/server/pass-on.js';
import { startServer } from '../../src/server/server.js';
import { type Clock, systemClock } from '../../src/util/clock.js';
import { createFileLocks } from '../../src/util/files/locks/file-lock.js';
import { createLog } from '../../src/util/log.js';
import { requireNoSecrets } from './canaries.js';

/** A closed port, so that no test reaches a real issuer. */
const closedUrl = 'http://127.0.0.1:9';
const closedIssuer: AuthEnvironment = {
  refreshTokenUrl: closedUrl,
  revokeTokenUrl: closedUrl,
  loginIssuer: closedUrl,
  authApiBaseUrl: closedUrl,
};

export interface MemoryServerOptions {
  /** CODEX_HOME of the server, an absolute path. */
  readonly codexHome: string;
  readonly chatgptBaseUrl?: string;
  /** Settings of the command line. */
  readonly overrides?: Table;
  /** None unless given. */
  readonly administratorFiles?: AdministratorFiles;
  readonly clock?: Clock;
  /** The variables that name proxies and CA certificates; none unless given. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeLimits?: Partial<BackendTimeLimits>;
  readonly authEnvironment?: AuthEnvironment;
  readonly isReadOnly?: boolean;
  readonly createPassOn?: CreatePassOn;
}

/** A client's end of a server in this process, on a pair of streams. */
export interface MemoryServer {
  /** Writes bytes or text unchanged. */
  write(text: string | Uint8Array): void;
  /** Sends a request under the next free id and resolves with its whole answer, parsed. */
  request(method: string, params?: unknown): Promise<Record<string, unknown>>;
  /** `initialize` of a client named `test`, version `1.0.0`. */
  initialize(capabilities?: object): Promise<Record<string, unknown>>;
  /** Writes one line unchanged and resolves with the next line that is received. */
  ask(line: string): Promise<string>;
  /** All lines received so far, without their ends. */
  readonly lines: readonly string[];
  /** Resolves when `count` lines have been received. */
  untilLines(count: number): Promise<readonly string[]>;
  /** The log of the server. */
  readonly log: readonly string[];
  /** Ends the input; resolves with all lines when the server has closed. */
  end(): Promise<readonly string[]>;
  readonly shutdown: ReturnType<typeof startServer>;
  readonly output: PassThrough;
}

export function startMemoryServer(options: MemoryServerOptions): MemoryServer {
  const input = new PassThrough();
  const output = new PassThrough();
  const logLines: string[] = [];
  const log = createLog({
    level: 'error',
    nowMs: () => 0,
    write: (line) => logLines.push(line.replace(/^\S+ +(\w+) codex_account_server:/, '$1')),
  });
  const clock = options.clock ?? systemClock;
  const shutdown = startServer({
    input,
    output,
    identity: {
      codexHome: options.codexHome,
      platformFamily: 'unix',
      platformOs: 'linux',
      system: 'Test 1.0; x86_64',
      terminal: 'unknown',
      originatorOverride: undefined,
      codexVersion: advertisedVersion,
    },
    overrides: {
      ...options.overrides,
      ...(options.chatgptBaseUrl !== undefined && { chatgpt_base_url: options.chatgptBaseUrl }),
    },
    administratorFiles: options.administratorFiles ?? {},
    authEnvironment: { ...closedIssuer, ...options.authEnvironment },
    isReadOnly: options.isReadOnly ?? false,
    createPassOn: options.createPassOn,
    connections: createHttpConnections({ environment: options.environment ?? {}, log, clock }),
    locks: createFileLocks({ log, searchPath: process.env.PATH }),
    clock,
    random: () => 0.5,
    log,
    timeLimits: { ...defaultTimeLimits, ...options.timeLimits },
  });

  const lines: string[] = [];
  let waiting: { count: number; resume: () => void }[] = [];
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    waiting = waiting.filter(({ count, resume }) => {
      if (lines.length >= count) resume();
      return lines.length < count;
    });
  });

  const untilLines = async (count: number): Promise<readonly string[]> => {
    if (lines.length < count) await new Promise<void>((resume) => waiting.push({ count, resume }));
    return lines;
  };

  async function ask(line: string): Promise<string> {
    const count = lines.length + 1;
    input.write(`${line}\n`);
    return (await untilLines(count))[count - 1] ?? '';
  }

  let lastId = 0;
  async function request(method: string, params?: unknown): Promise<Record<string, unknown>> {
    lastId += 1;
    const id = lastId;
    const firstLine = lines.length;
    input.write(`${JSON.stringify({ id, method, params })}\n`);
    for (let seen = firstLine; ; seen += 1) {
      const received = JSON.parse((await untilLines(seen + 1))[seen] ?? '') as Record<string, unknown>;
      if (received.id === id && !('method' in received)) return received;
    }
  }

  return {
    write: (text) => {
      input.write(text);
    },
    request,
    ask,
    initialize: (capabilities) =>
      request('initialize', { clientInfo: { name: 'test', version: '1.0.0' }, capabilities }),
    lines,
    untilLines,
    log: logLines,
    async end() {
      input.end();
      await shutdown.closed;
      requireNoSecrets({ lines, log: logLines.join('') });
      return lines;
    },
    shutdown,
    output,
  };
}
