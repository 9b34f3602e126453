import { describe, expect, test } from 'vitest';
import {
  createPendingRequests,
  type OpenLimits,
  type PendingRequests,
} from '../../../src/server/requests/pending-requests.js';

const reason = new Error('over');

/** Creates pending requests. The same limits apply while the server asks the client, unless others are given. */
function createPending(usual: OpenLimits, duringRequest = usual): PendingRequests {
  return createPendingRequests({ usual, duringClientRequest: duringRequest });
}

function request(idText: string, bytes = 1): { idText: string; method: string; bytes: number } {
  return { idText, method: 'm', bytes };
}

/** Whether the promise is resolved after all due callbacks. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  const pending = Symbol('pending');
  const turn = new Promise((resolve) => setImmediate(resolve, pending));
  return (await Promise.race([promise, turn])) !== pending;
}

describe('room for requests', () => {
  test('there is room until the maximum number of requests is open', async () => {
    const pending = createPending({ count: 2, bytes: 100 });
    const first = pending.add(request('1'));
    expect(await isDone(pending.whenRoom())).toBe(true);
    pending.add(request('2'));
    const room = pending.whenRoom();
    expect(await isDone(room)).toBe(false);
    pending.remove(first.internalId);
    expect(await isDone(room)).toBe(true);
  });

  test('there is room until the open requests reach the maximum size', async () => {
    const pending = createPending({ count: 100, bytes: 10 });
    const large = pending.add(request('1', 9));
    expect(await isDone(pending.whenRoom())).toBe(true);
    const small = pending.add(request('2', 1));
    const room = pending.whenRoom();
    expect(await isDone(room)).toBe(false);
    pending.remove(small.internalId);
    expect(await isDone(room)).toBe(true);
    pending.add(request('3', 5));
    const roomAgain = pending.whenRoom();
    pending.remove(large.internalId);
    expect(await isDone(roomAgain)).toBe(true);
  });

  test('a request whose response is not written yet takes room', async () => {
    const pending = createPending({ count: 1, bytes: 10 });
    const { internalId } = pending.add(request('1'));
    const room = pending.whenRoom();
    pending.settle(internalId);
    expect(await isDone(room)).toBe(false);
    pending.remove(internalId);
    expect(await isDone(room)).toBe(true);
  });

  test.each([
    ['many', { count: 3, bytes: 100 }, 1],
    ['as large', { count: 100, bytes: 30 }, 10],
  ])(
    'while the server asks the client there is room until as %s are open as allowed then',
    async (_what, duringRequest, bytes) => {
      const pending = createPending({ count: 1, bytes: 10 }, duringRequest);
      pending.add(request('1', bytes));
      const room = pending.whenRoom();
      expect(await isDone(room)).toBe(false);
      pending.setClientRequestPending(true);
      expect(await isDone(room)).toBe(true);
      pending.add(request('2', bytes));
      expect(await isDone(pending.whenRoom())).toBe(true);
      const { internalId } = pending.add(request('3', bytes));
      const roomAgain = pending.whenRoom();
      expect(await isDone(roomAgain)).toBe(false);
      pending.remove(internalId);
      expect(await isDone(roomAgain)).toBe(true);
    },
  );

  test('after the response of the client the usual limits apply again', async () => {
    const pending = createPending({ count: 1, bytes: 10 }, { count: 3, bytes: 30 });
    pending.setClientRequestPending(true);
    const entries = [pending.add(request('1')), pending.add(request('2'))];
    pending.setClientRequestPending(false);
    const room = pending.whenRoom();
    expect(await isDone(room)).toBe(false);
    for (const { internalId } of entries) pending.remove(internalId);
    expect(await isDone(room)).toBe(true);
  });
});

describe('the end of requests', () => {
  test('all requests are settled when each response is known or written', async () => {
    const pending = createPending({ count: 10, bytes: 10 });
    expect(await isDone(pending.whenSettled())).toBe(true);
    const one = pending.add(request('1'));
    const two = pending.add(request('2'));
    const settled = pending.whenSettled();
    pending.settle(one.internalId);
    pending.settle(one.internalId);
    expect(await isDone(settled)).toBe(false);
    pending.remove(one.internalId);
    expect(await isDone(settled)).toBe(false);
    pending.remove(two.internalId);
    expect(await isDone(settled)).toBe(true);
  });

  test('all requests are removed when each response is written', async () => {
    const pending = createPending({ count: 10, bytes: 10 });
    expect(await isDone(pending.whenEmpty())).toBe(true);
    const { internalId, answered } = pending.add(request('1'));
    const empty = pending.whenEmpty();
    pending.settle(internalId);
    expect([await isDone(empty), await isDone(answered)]).toEqual([false, false]);
    pending.remove(internalId);
    pending.remove(internalId);
    expect([await isDone(empty), await isDone(answered)]).toEqual([true, true]);
    expect(pending.get(internalId)).toBe(undefined);
  });
});

describe('cancel and abort', () => {
  test('a cancel aborts every cancellable request with that id, and no other', () => {
    const pending = createPending({ count: 10, bytes: 10 });
    const entries = [
      pending.add({ idText: '1', method: 'read', bytes: 1 }),
      pending.add({ idText: '1', method: 'read', bytes: 1 }),
      pending.add({ idText: '1', method: 'write', bytes: 1 }),
      pending.add({ idText: '"1"', method: 'read', bytes: 1 }),
    ];
    pending.cancel('1', (method) => method === 'read');
    expect(entries.map(({ signal }) => signal.aborted)).toEqual([true, true, false, false]);
    expect(entries[0]?.signal.reason).toMatchObject({ kind: 'cancelled', message: 'request cancelled' });
  });

  test('an abort reaches all open and later requests, and removes none', async () => {
    const pending = createPending({ count: 10, bytes: 10 });
    const before = pending.add(request('1'));
    pending.abort(reason);
    const after = pending.add(request('2'));
    expect([before.signal.reason, after.signal.reason]).toEqual([reason, reason]);
    const empty = pending.whenEmpty();
    pending.remove(before.internalId);
    expect(await isDone(empty)).toBe(false);
    pending.remove(after.internalId);
    expect(await isDone(empty)).toBe(true);
  });
});
