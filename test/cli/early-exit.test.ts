import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { startBuiltServer } from '../support/processes/built-server.js';

test.each([
  [
    'CODEX_HOME',
    [],
    { CODEX_HOME: '/nowhere/at/all' },
    'CODEX_HOME points to "/nowhere/at/all", but that path does not exist',
  ],
  ['a setting', ['-c', 'foo'], { CODEX_HOME: tmpdir() }, 'invalid override "foo": expected key=value'],
] as const)(
  'a server that cannot use %s answers the first request with the reason, and exits with 1',
  async (_what, args, environment, message) => {
    const server = startBuiltServer({ args: ['app-server', ...args], environment });
    const clientInfo = { name: 'test', version: '1' };
    server.child.stdin.write(`${JSON.stringify({ id: 7, method: 'initialize', params: { clientInfo } })}\n`);
    expect(await server.exited).toEqual({ code: 1, signal: null });
    expect(JSON.parse(server.stdout())).toEqual({
      id: 7,
      error: { code: -32603, message, data: { kind: 'configInvalid' } },
    });
    expect(server.stderr()).toBe(`Error: ${message}\n`);
  },
);
