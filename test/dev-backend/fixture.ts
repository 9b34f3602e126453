import type { ScenarioName } from '../../src/dev-backend/account/scenarios.js';
import type { DevBackend, DevBackendOptions } from '../../src/dev-backend/server.js';
import { startDevBackend } from '../../src/dev-backend/server.js';
import { type Clock, systemClock } from '../../src/util/clock.js';

export const startMs = Date.parse('2026-01-01T00:00:00Z');

export const bearer = { authorization: 'Bearer token' };
export const usagePath = '/api/codex/usage';
export const consumePath = '/api/codex/rate-limit-reset-credits/consume';
/** A request that redeems with the key `k1`, for `fetch`. */
export const redemption = { method: 'POST', headers: bearer, body: '{"redeem_request_id":"k1"}' };

/** Runs `act` with a backend and closes it. */
export async function withDevBackend(
  options: DevBackendOptions,
  act: (backend: DevBackend) => Promise<void>,
): Promise<void> {
  const backend = await startDevBackend(options);
  await act(backend).finally(() => backend.close());
}

/** A backend with a clock that starts at `startMs` and moves only when the test moves it. */
export interface DevBackendFixture {
  readonly backend: DevBackend;
  moveTo(nowMs: number): void;
  /** Gets a path below `/api/codex/`. Resolves with the body, or with the status if that is not 200. */
  get(path: string): Promise<unknown>;
  /** Redeems, and resolves as `get` does. Text is sent as it is. */
  consume(body: unknown): Promise<unknown>;
}

export function withScenario(
  scenario: ScenarioName,
  act: (fixture: DevBackendFixture) => Promise<void>,
): Promise<void> {
  let nowMs = startMs;
  const clock = { ...systemClock, nowMs: () => nowMs };
  return withDevBackend({ scenario, clock }, (backend) => {
    const call = async (path: string, init: RequestInit): Promise<unknown> => {
      const headers = { ...bearer, 'content-type': 'application/json' };
      const response = await fetch(`${backend.url}/api/codex/${path}`, { ...init, headers });
      return response.status === 200 ? response.json() : response.status;
    };
    return act({
      backend,
      moveTo: (movedMs) => (nowMs = movedMs),
      get: (path) => call(path, {}),
      consume: (body) =>
        call('rate-limit-reset-credits/consume', {
          method: 'POST',
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
    });
  });
}

/** Returns a clock that stands still at `startMs`. It records every delay and calls back at once. */
export function skippingClock(delaysMs: number[]): Clock {
  return {
    nowMs: () => startMs,
    monotonicMs: () => 0,
    after(delayMs, callback) {
      delaysMs.push(delayMs);
      queueMicrotask(callback);
      return () => undefined;
    },
  };
}
