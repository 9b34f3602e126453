import type { NotificationMethod } from '../../../src/protocol/schema/notifications.js';
import type { RateLimitSnapshot } from '../../../src/protocol/schema/rate-limits.js';
import { createDevHome, type DevHomeOptions } from '../../../src/dev-backend/home.js';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { type MemoryServer, startMemoryServer } from '../../support/memory-server.js';
import { createSimulatedClock, type SimulatedClock } from '../../support/clocks/simulated-clock.js';

export interface WatchFixture {
  readonly backend: DevBackend;
  readonly server: MemoryServer;
  readonly clock: SimulatedClock;
  /** The times of the requests for the usage, in ms. */
  readonly readsAtMs: number[];
  /** The number of other requests to the backend. */
  otherRequests(): number;
  /** The limits in the notifications to the client, in order. */
  sentLimits(): RateLimitSnapshot[];
  /** The params of all notifications of this method to the client, in order. */
  sent(method: NotificationMethod): unknown[];
  /** Runs the clock for this time. */
  pass(ms: number): Promise<void>;
  call(method: string, params?: object): Promise<unknown>;
}

/** Runs `act` with a server and its backend on a simulated clock. */
export async function withWatch(
  options: { scenario?: ScenarioName; capabilities?: object; auth?: DevHomeOptions['auth'] },
  act: (fixture: WatchFixture) => Promise<void>,
): Promise<void> {
  const clock = createSimulatedClock();
  const backend = await startDevBackend({ scenario: options.scenario ?? 'fresh', clock });
  const home = createDevHome({ backendUrl: backend.url, auth: options.auth ?? 'chatgpt' }, clock);
  const server = startMemoryServer({ codexHome: home.path, clock });
  const readsAtMs: number[] = [];
  const isWanted = options.capabilities === undefined;
  let isWatched = false;
  const sent = (wanted: NotificationMethod): unknown[] =>
    server.lines
      .map((line) => JSON.parse(line) as { method?: string; params: unknown })
      .filter(({ method }) => method === wanted)
      .map(({ params }) => params);
  backend.script('usage', () => {
    readsAtMs.push(clock.nowMs());
    return undefined;
  });
  try {
    await server.initialize(options.capabilities);
    await act({
      backend,
      server,
      clock,
      readsAtMs,
      otherRequests: () => backend.requests.filter(({ url }) => !url.endsWith('/usage')).length,
      sentLimits: () =>
        sent('account/rateLimits/updated').map(
          (params) => (params as { rateLimits: RateLimitSnapshot }).rateLimits,
        ),
      sent,
      pass: (ms) => clock.pass(ms, isWatched ? 1 : 0),
      async call(method, params) {
        const { id: _, ...answer } = await server.request(method, params);
        if (isWanted && method === 'account/rateLimits/watch' && answer.result) isWatched = true;
        if (method === 'account/rateLimits/unwatch') isWatched = false;
        return answer;
      },
    });
  } finally {
    await server.end();
    await backend.close();
    home.remove();
  }
}
