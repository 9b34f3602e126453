import { expect, test } from 'vitest';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { type ClientFixture, withBuiltServer } from '../../support/processes/built-server.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';

const limits = 'account/rateLimits/read';
const consume = 'account/rateLimitResetCredit/consume';

/** Connects to the built server as an editor does, with the client of vscode-jsonrpc. */
function withStockClient(
  scenario: ScenarioName,
  act: (connection: MessageConnection, fixture: ClientFixture) => Promise<void>,
): Promise<void> {
  return withBuiltServer({ scenario }, async (fixture) => {
    const { stdin, stdout } = fixture.server.child;
    const connection = createMessageConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    connection.listen();
    try {
      await connection.sendRequest('initialize', { clientInfo: { name: 'editor', version: '1.0.0' } });
      await connection.sendNotification('initialized');
      await act(connection, fixture);
    } finally {
      connection.dispose();
    }
  });
}

test('a stock client initializes, reads and redeems', () =>
  withStockClient('at-limit', async (connection) => {
    expect(await connection.sendRequest(limits)).toMatchObject({
      rateLimits: { primary: { usedPercent: 100 } },
      rateLimitResetCredits: { availableCount: 2 },
    });
    expect(await connection.sendRequest(consume, { idempotencyKey: 'key-1' })).toEqual({ outcome: 'reset' });
    expect(await connection.sendRequest(limits)).toMatchObject({
      rateLimits: { primary: { usedPercent: 0 } },
      rateLimitResetCredits: { availableCount: 1 },
    });
  }));

test('a stock client gets the error of a request with its data', () =>
  withStockClient('fresh', async (connection) => {
    await expect(connection.sendRequest(consume, { idempotencyKey: '' })).rejects.toMatchObject({
      code: -32600,
      message: 'idempotencyKey must not be empty',
      data: { kind: 'invalidRequest', member: 'idempotencyKey', outcomeKnown: true },
    });
  }));

test('a stock client cancels a slow read and continues', () =>
  withStockClient('fresh', async (connection, { backend }) => {
    const nextUsage = holdEndpoint(backend, 'usage');
    const source = new CancellationTokenSource();
    const read = connection.sendRequest(limits, {}, source.token);
    await nextUsage();
    source.cancel();
    await expect(read).rejects.toMatchObject({
      code: -32800,
      message: 'request cancelled',
      data: { kind: 'cancelled' },
    });
    expect(await connection.sendRequest('getAuthStatus', {})).toMatchObject({ authMethod: 'chatgpt' });
  }));

test('a consume that a stock client cancels still returns its outcome', () =>
  withStockClient('fresh', async (connection, { backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    const source = new CancellationTokenSource();
    const redemption = connection.sendRequest(consume, { idempotencyKey: 'key-1' }, source.token);
    const sent = await nextConsume();
    source.cancel();
    // The response to a later request shows that the cancellation has been read.
    await connection.sendRequest(limits, { excludeResetCreditDetails: true });
    sent.answer({ code: 'reset' });
    expect(await redemption).toEqual({ outcome: 'reset' });
  }));

test('a queued consume is not cancelled either', () =>
  withStockClient('fresh', async (connection, { backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    const first = connection.sendRequest(consume, { idempotencyKey: 'key-1' });
    const sent = await nextConsume();
    const source = new CancellationTokenSource();
    const second = connection.sendRequest(consume, { idempotencyKey: 'key-2' }, source.token);
    source.cancel();
    await connection.sendRequest(limits, { excludeResetCreditDetails: true });
    sent.answer({ code: 'nothing_to_reset' });
    (await nextConsume()).answer({ code: 'reset' });
    expect(await Promise.all([first, second])).toEqual([{ outcome: 'nothingToReset' }, { outcome: 'reset' }]);
  }));

test('the server ends with exit code 0 when the stock client ends its output', () =>
  withStockClient('fresh', async (connection, { server }) => {
    connection.end();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  }));
