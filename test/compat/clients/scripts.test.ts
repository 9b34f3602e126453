import { realpathSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Answer, type BuiltServer, withBuiltServer } from '../../support/processes/built-server.js';
import { unixTest } from '../../support/unix-test.js';

// Scripts that start a server, send requests and check how it exits. Each test sends what the script sends.

const limits = 'account/rateLimits/read';
const clientInfo = { name: 'script', title: null, version: '1.0' };
const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { clientInfo } };
const read = { jsonrpc: '2.0', id: 2, method: limits };

function answers({ lines }: BuiltServer): Answer[] {
  return lines.map((line) => JSON.parse(line) as Answer);
}

test('codex_limitless closes stdin at once and has all responses when the server exits', () =>
  withBuiltServer({ args: ['-s', 'read-only', '-a', 'never', 'app-server'] }, async ({ server }) => {
    server.send(initialize);
    server.send(read);
    server.child.stdin.end();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(answers(server).map(({ id, result }) => [id, result !== undefined])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(server.stdout()).not.toContain('jsonrpc');
  }));

describe('wakamex', () => {
  test('wakamex gets exit code 0 after the end of input', () =>
    withBuiltServer({ scenario: 'one-window' }, async ({ server }) => {
      await server.call(1, 'initialize', { clientInfo });
      server.send({ method: 'initialized' });
      expect(await server.call(2, 'account/read', {})).toMatchObject({ account: { planType: 'pro' } });
      expect((await server.call(3, limits, {})).rateLimits.primary?.usedPercent).toBe(25);
      server.child.stdin.end();
      expect(await server.exited).toEqual({ code: 0, signal: null });
    }));

  test('wakamex gets exit code 0 if the reads fail', () =>
    withBuiltServer({ scenario: 'server-error' }, async ({ server }) => {
      server.send(initialize);
      server.send(read);
      server.child.stdin.end();
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(answers(server)[1]?.error?.code).toBe(-32603);
    }));
});

describe('igorsaevets', () => {
  test('igorsaevets sets no HOME, sees the real path of CODEX_HOME, and finally kills the server', () =>
    withBuiltServer({ environment: { HOME: undefined } }, async ({ server }) => {
      const { codexHome } = await server.call(1, 'initialize', { clientInfo });
      expect(codexHome).toBe(realpathSync(codexHome));
      server.send({ method: 'initialized' });
      expect(await server.call(2, limits, {})).toMatchObject({ accountId: 'account-dev' });
      server.child.kill('SIGKILL');
      expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
      expect(answers(server)).toHaveLength(2);
    }));

  unixTest('the real path is shown if CODEX_HOME is a symbolic link', () =>
    withBuiltServer({}, async ({ home, start }) => {
      const link = `${home.path}-link`;
      symlinkSync(home.path, link);
      try {
        const server = start(['app-server'], { CODEX_HOME: `${link}/` });
        const { codexHome } = await server.call(1, 'initialize', { clientInfo });
        expect(codexHome).toBe(realpathSync(home.path));
      } finally {
        rmSync(link);
      }
    }),
  );
});

test.each(['account/read', limits] as const)('the podcast starts one process for %s', (method) =>
  withBuiltServer({ args: ['app-server', '--strict-config'] }, async ({ server }) => {
    const chunks: string[] = [];
    server.child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    await server.call(1, 'initialize', { clientInfo });
    server.send({ method: 'initialized' });
    await server.call(2, method, {});
    server.child.stdin.end();
    await server.exited;
    // Each chunk is one whole response with its newline: no notification is joined to it.
    expect(chunks).toEqual(server.lines.map((line) => `${line}\n`));
    expect(chunks).toHaveLength(2);
  }),
);

describe('SwitchBridge', () => {
  test('SwitchBridge receives its responses and nothing else, in few bytes', () =>
    withBuiltServer(
      { args: ['-s', 'read-only', '-a', 'on-request', 'app-server'], scenario: 'at-limit' },
      async ({ server }) => {
        await server.call('switch-1', 'initialize', { clientInfo });
        server.send({ method: 'initialized' });
        await server.call('switch-2', 'account/read', {});
        await server.call('switch-3', limits);
        server.child.stdin.end();
        await server.exited;
        expect(answers(server).map(({ id }) => id)).toEqual(['switch-1', 'switch-2', 'switch-3']);
        expect(Buffer.byteLength(server.stdout())).toBeLessThanOrEqual(64 * 1024);
        expect(Buffer.byteLength(server.stderr())).toBeLessThanOrEqual(16 * 1024);
      },
    ));

  test('SwitchBridge receives little more than 64 KiB of a huge failed reply', () =>
    withBuiltServer({}, async ({ server, backend }) => {
      backend.script('usage', { status: 500, body: 'x'.repeat(1_000_000) });
      await server.call('switch-1', 'initialize', { clientInfo });
      server.send({ ...read, id: 'switch-2' });
      await server.answer('switch-2');
      expect(Buffer.byteLength(server.stdout())).toBeLessThan(66 * 1024);
      expect(server.stderr()).toBe('');
    }));
});
