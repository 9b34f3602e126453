import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import type { DevBackend } from '../../../src/dev-backend/server.js';
import { type AccountFixture, withAccount } from '../../support/account-fixture.js';
import { createManualClock, type ManualClock } from '../../support/clocks/manual-clock.js';

/** After this a read on a kept connection is sent a second time. */
export const maxSilenceMs = 1_000;
export const usage = (plan: string): string => JSON.stringify({ plan_type: plan });
export const planOf = (planType: string) => ({ result: { rateLimits: { planType } } });

/** A request for the usage that waits for its reply. */
export interface HeldRead {
  readonly socket: Socket;
  /** Whether an earlier request came on the same connection. */
  readonly isOnKept: boolean;
  answer(plan: string): void;
}

/** Runs `act` once the connection of a first read is kept. `nextRead` resolves with each later request for the usage. */
export function withKeptConnection(
  act: (
    fixture: AccountFixture & {
      readonly clock: ManualClock;
      readonly nextRead: () => Promise<HeldRead>;
      /** Reads, and sends the request again when the first one has waited too long. */
      readTwice(): Promise<{ answer: ReturnType<AccountFixture['read']>; first: HeldRead; second: HeldRead }>;
    },
  ) => Promise<void>,
): Promise<void> {
  const clock = createManualClock();
  return withAccount({ clock }, async (fixture) => {
    const nextRead = await keepConnection(fixture);
    await act({
      ...fixture,
      clock,
      nextRead,
      async readTwice() {
        const answer = fixture.read();
        const first = await nextRead();
        await clock.untilSet(maxSilenceMs);
        clock.fire(maxSilenceMs);
        return { answer, first, second: await nextRead() };
      },
    });
  });
}

async function keepConnection({ backend, read }: AccountFixture): Promise<() => Promise<HeldRead>> {
  const used = new Set<Socket>();
  backend.script('usage', (_request, response) => {
    used.add(socketOf(response));
    return { body: usage('free') };
  });
  expect(await read()).toMatchObject(planOf('free'));
  return holdReads(backend, used);
}

/** Holds the requests for the usage. `used` are the connections of earlier ones. */
export function holdReads(backend: DevBackend, used: ReadonlySet<Socket>): () => Promise<HeldRead> {
  const arrived: HeldRead[] = [];
  let wake = (): void => undefined;
  backend.script('usage', (_request, response) => {
    const socket = socketOf(response);
    arrived.push({
      socket,
      isOnKept: used.has(socket),
      answer: (plan) => void response.end(usage(plan)),
    });
    wake();
    return 'handled';
  });
  return async () => {
    for (;;) {
      const read = arrived.shift();
      if (read) return read;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
}

function socketOf({ socket }: ServerResponse): Socket {
  if (!socket) throw new Error('the response has no connection');
  return socket;
}

/** Resolves when the connection is closed. */
export const isClosed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once('close', () => resolve());
  });
