import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/client/client.js';
import { clientInfo, withStandIn } from './stand-in-fixture.js';
import { unixTest } from '../../support/unix-test.js';

const read = 'account/rateLimits/read';

/** Returns the error of a call to this command. */
async function failureOf(command: string, args: string[] = []): Promise<unknown> {
  const client = createClient({ clientInfo, command, args });
  const failure: unknown = await client.request(read).catch((error: unknown) => error);
  await client.close();
  return failure;
}

test('a command that does not exist is not found', async () => {
  expect(await failureOf('/nowhere/codex')).toMatchObject({
    name: 'ConnectionError',
    kind: 'serverNotFound',
    message: 'the server "/nowhere/codex" was not found',
  });
});

test('a call with an aborted signal starts no server', async () => {
  const client = createClient({ clientInfo, command: '/nowhere/codex', args: [] });
  const signal = AbortSignal.abort(new Error('not wanted'));
  await expect(client.request(read, {}, { signal })).rejects.toThrow('not wanted');
  await expect(client.redeem({ signal })).rejects.toThrow('not wanted');
  await client.close();
});

unixTest('a file without execute permission is not executable, nor is a directory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-file-'));
  const path = join(folder, 'server');
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o644 });
  const failures = [await failureOf(path), await failureOf(folder)];
  rmSync(folder, { recursive: true });
  const expected = { name: 'ConnectionError', kind: 'serverNotExecutable' };
  expect(failures).toMatchObject([expected, expected]);
});

test('a program that exits at once is reported as exited', async () => {
  expect(await failureOf(process.execPath, ['-e', 'process.exit(1)'])).toMatchObject({
    kind: 'serverExited',
    message: 'the server exited with code 1',
  });
});

test.each([
  ['garbage', 'badMessage', 'the server sent a line that is not a message'],
  ['noMessage', 'badMessage', 'the server sent a line that is not a message'],
  [
    'oldVersion',
    'unsupportedServer',
    'the server is not supported: its version is 0.120.0, but 0.149.0 or newer is required',
  ],
  [
    'otherShape',
    'unsupportedServer',
    'the server is not supported: its answer to initialize lacks userAgent or codexHome',
  ],
  ['refuses', 'unsupportedServer', 'the server is not supported: it refused initialize: not now'],
])('a server with the habit %s fails with %s', async (habit, kind, message) => {
  await withStandIn(habit, async (client) => {
    await expect(client.request(read)).rejects.toMatchObject({ name: 'ConnectionError', kind, message });
  });
});

test('an old version is accepted without a minimum version', async () => {
  await withStandIn(
    'oldVersion',
    async (client) => {
      expect((await client.serverInfo()).userAgent).toBe('me/0.120.0 (Linux; x86_64) me');
    },
    { minimumVersion: null },
  );
});

test('a server that does not answer initialize times out', async () => {
  await withStandIn(
    'silent',
    async (client) => {
      await expect(client.serverInfo()).rejects.toMatchObject({
        kind: 'timedOut',
        message: 'the server did not answer initialize in time',
      });
    },
    { timeoutMs: 1_500 },
  );
});

test('a call without retries fails if the server exits in the middle of its answer', async () => {
  await withStandIn('dies', async (client) => {
    await expect(client.request(read, {}, { maxRetries: 0 })).rejects.toMatchObject({
      kind: 'serverExited',
      message: 'the server exited with code 3',
    });
  });
});

test('a late answer is a time-out, and does not affect the next call', async () => {
  await withStandIn('late', async (client) => {
    await client.serverInfo();
    await expect(client.request(read, {}, { timeoutMs: 1_100 })).rejects.toMatchObject({ kind: 'timedOut' });
    expect(await client.request(read, { supportsLunaReserve: true })).toMatchObject({
      rateLimits: { primary: { usedPercent: 1 } },
    });
  });
});

test('a second answer to the same request ends the server, and the next call starts a new one', async () => {
  const restarts: string[] = [];
  await withStandIn(
    'twice',
    async (client) => {
      const both = [client.request(read), client.request('account/usage/read')];
      expect(await Promise.allSettled(both)).toMatchObject([
        { status: 'fulfilled' },
        { reason: { kind: 'badMessage', message: 'the server sent an answer to no request' } },
      ]);
      await client.request(read);
      expect(restarts).toEqual(['restart']);
    },
    { onRestart: () => restarts.push('restart') },
  );
});

test('a server that ignores the end of its input and SIGTERM is killed', async () => {
  await withStandIn('stays', async (client) => {
    await client.serverInfo();
    await client.close({ graceMs: 50, termMs: 50 });
    await expect(client.request(read)).rejects.toMatchObject({ name: 'ConnectionError', kind: 'closed' });
  });
});
