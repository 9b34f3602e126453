import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Method } from '../../src/protocol/methods.js';
import type { BuiltServer } from '../support/processes/built-server.js';

type Action = 'connects' | 'listens' | 'starts';

/** The recorded actions of a server, each once, sorted. */
export type RecordedActions = Readonly<Record<Action, readonly string[]>>;

/** Returns the variables that make a server record its actions in `folder`. */
export function recording(
  folder: string,
  { allowsConnections }: { allowsConnections: boolean },
): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${new URL('recorder.mjs', import.meta.url).href}`,
    RECORD: join(folder, 'record'),
    ...(allowsConnections && { ALLOW_CONNECTIONS: '1' }),
  };
}

/** Reads the recorded actions. */
export function recordedActions(folder: string): RecordedActions {
  const rows = linesOf(join(folder, 'record')).map((line) => JSON.parse(line) as [Action, string]);
  const of = (action: Action): string[] =>
    [...new Set(rows.filter(([done]) => done === action).map(([, name]) => name))].sort();
  return { connects: of('connects'), listens: of('listens'), starts: of('starts') };
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

/** The params of each method. The compiler requires those of a new method. */
const calls: Readonly<
  Record<Exclude<Method, 'initialize' | 'account/login/start' | 'account/logout'>, readonly object[]>
> = {
  'account/rateLimits/read': [{}],
  'account/rateLimits/watch': [{}],
  'account/rateLimits/unwatch': [{}],
  'account/usage/read': [{}, { threadId: '0b2a6f1e-5f0c-4b0e-8d7e-2f3f0a3a1c55' }],
  'account/workspaceMessages/read': [{}],
  'account/sendAddCreditsNudgeEmail': [{ creditType: 'credits' }],
  'account/rateLimitResetCredit/consume': [{ idempotencyKey: 'key' }],
  'account/read': [{ refreshToken: true }],
  getAuthStatus: [{}],
  'account/login/cancel': [{ loginId: '0198c5a2-7b1e-7c31-a1f0-5d2f3c4b5a69' }],
  'accountSession/list': [{}],
  'accountSession/switch': [{ sessionId: 'none', accountId: 'none' }],
  'config/read': [{}],
};

/**
 * Sends a server each request, except a login in the browser, whose port other tests use. `allow` approves the device
 * login with the code.
 */
export async function sendEveryRequest(
  server: BuiltServer,
  allow: (userCode: string) => Promise<void>,
): Promise<void> {
  const requests = Object.entries(calls).flatMap(([method, each]) =>
    each.map((params) => [method, params] as const),
  );
  await server.call('hello', 'initialize', { clientInfo: { name: 'test', version: '1' } });
  for (const [index, [method, params]] of requests.entries()) {
    server.send({ id: index, method, params });
    await server.answer(index);
  }
  server.send({ id: 'login', method: 'account/login/start', params: { type: 'chatgptDeviceCode' } });
  const { result } = await server.answer('login');
  if (result) {
    await allow((result as { userCode: string }).userCode);
    await server.notification('account/login/completed');
  }
  server.send({ id: 'logout', method: 'account/logout' });
  await server.answer('logout');
  server.child.stdin.end();
  await server.exited;
}
