import { expect, test } from 'vitest';
import type { AccountFixture } from '../../support/account-fixture.js';
import { cancelMessage, type HeaderClient, readMessage as read, withHeaderClient } from './header-frames.js';

const cancelled = { code: -32800, message: 'request cancelled', data: { kind: 'cancelled' } };

const cancel = (id: number): object => cancelMessage({ id });

/** Three reads that share a fetch, to which the backend responds when the test says so. */
interface JoinedReads {
  readonly client: HeaderClient;
  readonly backend: AccountFixture['backend'];
  /** Responds to the last fetch. */
  answer(): void;
  /** Resolves when that fetch has ended or was aborted. */
  closed(): Promise<void>;
  /** Resolves when this many fetches have been sent. */
  untilSent(count: number): Promise<void>;
}

function withJoinedReads(act: (reads: JoinedReads) => Promise<void>): Promise<void> {
  return withHeaderClient(async (client, { backend }) => {
    const fetches: { answer: () => void; closed: Promise<void> }[] = [];
    let wake = (): void => undefined;
    backend.script('usage', (_request, response) => {
      const closed = new Promise<void>((resolve) => response.once('close', resolve));
      fetches.push({ answer: () => response.end('{}'), closed });
      wake();
      return 'handled';
    });
    const untilSent = async (count: number): Promise<void> => {
      while (fetches.length < count) await new Promise<void>((resolve) => (wake = resolve));
    };
    client.write(read(1), read(2), read(3));
    await untilSent(1);
    await act({
      client,
      backend,
      answer: () => fetches.at(-1)?.answer(),
      closed: () => fetches.at(-1)!.closed,
      untilSent,
    });
  });
}

async function answersOf(client: HeaderClient, count: number): Promise<unknown[]> {
  return (await client.untilBodies(count + 1)).slice(1, count + 1).map((body) => JSON.parse(body) as unknown);
}

test.each([1, 2, 3])('read number %i of those that share a fetch can be cancelled alone', (leaving) =>
  withJoinedReads(async ({ client, backend, answer }) => {
    client.write(cancel(leaving));
    expect(await answersOf(client, 1)).toEqual([{ jsonrpc: '2.0', id: leaving, error: cancelled }]);
    answer();
    const rest = [1, 2, 3].filter((id) => id !== leaving);
    expect((await answersOf(client, 3)).slice(1)).toMatchObject(rest.map((id) => ({ id, result: {} })));
    expect(backend.requests).toHaveLength(1);
  }),
);

test('a fetch is aborted and its connection closed when all its reads are cancelled', () =>
  withJoinedReads(async ({ client, closed }) => {
    client.write(cancel(2), cancel(1), cancel(3));
    expect(await answersOf(client, 3)).toEqual(
      [2, 1, 3].map((id) => ({ jsonrpc: '2.0', id, error: cancelled })),
    );
    await closed();
  }));

test('a read after all others are cancelled starts a new fetch', () =>
  withJoinedReads(async ({ client, answer, untilSent }) => {
    client.write(cancel(1), cancel(2), cancel(3), read(4));
    await untilSent(2);
    answer();
    expect((await answersOf(client, 4))[3]).toMatchObject({ id: 4, result: {} });
  }));
