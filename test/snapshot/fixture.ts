import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDevHome } from '../../src/dev-backend/home.js';
import type { ScenarioName } from '../../src/dev-backend/account/scenarios.js';
import { type DevBackend, startDevBackend } from '../../src/dev-backend/server.js';
import { type Clock, systemClock } from '../../src/util/clock.js';
import { requireNoSecretsIn } from '../support/canaries.js';
import { type MemoryServer, type MemoryServerOptions, startMemoryServer } from '../support/memory-server.js';

/** A client of one of the servers. */
export interface SnapshotClient {
  readonly server: MemoryServer;
  call(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Reads, and returns the result or the error. */
  read(params?: object): Promise<Record<string, unknown>>;
  consume(): Promise<Record<string, unknown>>;
}

export interface SnapshotFixture {
  readonly backend: DevBackend;
  readonly home: string;
  /** The folder of the stored reads. It does not exist before the first one. */
  readonly folder: string;
  /** Starts a server on the same CODEX_HOME, as another process would. */
  start(options?: Partial<MemoryServerOptions>): Promise<SnapshotClient>;
  /** The number of requests for the usage. */
  usageRequests(): number;
  /** The path of the only stored read. */
  snapshotPath(): string;
  /** The content of the only stored read. */
  storedRead(): Record<string, unknown>;
}

/** Runs `act` with the embedded backend and a CODEX_HOME for several servers, then ends all of them. */
export async function withSnapshots(
  options: { scenario?: ScenarioName; clock?: Clock },
  act: (fixture: SnapshotFixture) => Promise<void>,
): Promise<void> {
  const { clock = systemClock, scenario = 'fresh' } = options;
  const backend = await startDevBackend({ scenario, clock });
  const home = createDevHome({ backendUrl: backend.url }, clock);
  const folder = join(home.path, 'account-server');
  const servers: MemoryServer[] = [];
  const snapshotPath = (): string =>
    join(folder, namesOf(folder).find((name) => name.endsWith('.json')) ?? '');
  try {
    await act({
      backend,
      home: home.path,
      folder,
      async start(own = {}) {
        const server = startMemoryServer({ codexHome: home.path, clock, ...own });
        servers.push(server);
        await server.initialize();
        const call: SnapshotClient['call'] = async (method, params) => {
          const { result, error } = await server.request(method, params);
          return (result ?? error) as Record<string, unknown>;
        };
        return {
          server,
          call,
          read: (params = {}) => call('account/rateLimits/read', params),
          consume: () => call('account/rateLimitResetCredit/consume', { idempotencyKey: 'key-1' }),
        };
      },
      usageRequests: () => backend.requests.filter(({ url }) => url.endsWith('/usage')).length,
      snapshotPath,
      storedRead: () => JSON.parse(readFileSync(snapshotPath(), 'utf8')) as Record<string, unknown>,
    });
  } finally {
    await Promise.all(servers.map((server) => server.end()));
    await backend.close();
    requireNoSecretsIn(home.path);
    home.remove();
  }
}

/** Lists the names in a folder that may not exist. */
export function namesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

/** The use of the window of five hours in a result, in percent. */
export function usedPercentIn(result: Record<string, unknown>): number | undefined {
  return (result as { rateLimits?: { primary: { usedPercent: number } } }).rateLimits?.primary.usedPercent;
}

export const startMs = Date.parse('2026-01-01T00:00:00Z');

/** A clock whose time stands still until a test changes it. Its timers run. */
export interface SettableClock extends Clock {
  advance(ms: number): void;
}

export function createSettableClock(): SettableClock {
  let nowMs = startMs;
  return {
    ...systemClock,
    nowMs: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
  };
}
