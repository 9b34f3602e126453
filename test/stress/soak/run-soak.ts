import { statSync } from 'node:fs';
import { join } from 'node:path';
import { accountFolder } from '../../../src/util/files/account-folder.js';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { usageOf } from '../../cli/usage/fixture.js';
import type { Figures } from '../watched-server.js';
import { type SoakClient, startSoakClient } from './soak-client.js';

export interface SoakRun {
  /** The figures after each tenth. */
  readonly reads: readonly Figures[];
  readonly logins: readonly Figures[];
}

/**
 * Makes one server read, and then sign in and out, this many times.
 *
 * @throws Error if an answer is wrong, or nothing was logged
 */
export async function runSoak({ reads, logins }: { reads: number; logins: number }): Promise<SoakRun> {
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  const client = startSoakClient({ CODEX_HOME: home.path, HOME: home.path, ...devEnvironment(backend.url) });
  try {
    await client.call('initialize', { clientInfo: { name: 'soak', version: '1' } });
    await client.call('account/rateLimits/watch', {});
    const figures = await tenths(client, backend, reads / readKinds.length, readAll);
    statSync(join(accountFolder(home.path), 'limits-log.jsonl'));
    return {
      reads: figures,
      logins: await tenths(client, backend, logins, signInAndOut),
    };
  } finally {
    await client.stop();
    await backend.close();
    home.remove();
  }
}

const resetAt = Math.floor(Date.now() / 1000) + 600_000;

type Round = (client: SoakClient, backend: DevBackend, round: number) => Promise<void>;

async function tenths(
  client: SoakClient,
  backend: DevBackend,
  rounds: number,
  run: Round,
): Promise<Figures[]> {
  const figures: Figures[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await run(client, backend, round);
    backend.requests.length = 0;
    if (Math.floor((round * 10) / rounds) > figures.length) figures.push(await client.figures());
  }
  return figures;
}

/** The reads of one round. No two of them share a fetch, but one takes the stored read. */
const readKinds: readonly (readonly [string, object])[] = [
  ['account/rateLimits/read', {}],
  ['account/rateLimits/read', { maxAgeSecs: 600 }],
  ['account/rateLimits/read', { excludeResetCreditDetails: true }],
  ['account/rateLimits/read', { excludeResetCreditDetails: true, supportsLunaReserve: true }],
  ['account/usage/read', {}],
  ['account/usage/read', { threadId: '0198c5a2-7b1e-7c31-a1f0-5d2f3c4b5a69' }],
  ['account/workspaceMessages/read', {}],
  ['account/read', {}],
  ['getAuthStatus', { includeToken: true }],
];

/** Reads limits that differ in each round, so that each is stored, logged, and reported by the watch. */
async function readAll(client: SoakClient, backend: DevBackend, round: number): Promise<void> {
  const window = { used_percent: round % 100, limit_window_seconds: 604_800, reset_at: resetAt };
  backend.script('usage', { body: usageOf(window) });
  await Promise.all(readKinds.map(([method, params]) => client.call(method, params)));
}

/** Signs in with a key; every tenth time by a device code, every twentieth by a device code that is never entered. */
async function signInAndOut(client: SoakClient, backend: DevBackend, round: number): Promise<void> {
  if (round % 10 === 0) await signInWithCode(client, backend, round % 20 === 0);
  else {
    await client.call('account/login/start', { type: 'apiKey', apiKey: `sk-soak-${round}` });
    await client.untilNews('account/updated');
  }
  await client.call('account/logout', null);
  await client.untilNews('account/updated');
}

async function signInWithCode(client: SoakClient, backend: DevBackend, isGivenUp: boolean): Promise<void> {
  const { loginId, userCode } = await client.call('account/login/start', { type: 'chatgptDeviceCode' });
  if (isGivenUp) {
    await client.call('account/login/cancel', { loginId });
    return;
  }
  const body = new URLSearchParams({ user_code: String(userCode), decision: 'allow' });
  await fetch(`${backend.url}/codex/device`, { method: 'POST', body });
  await client.untilNews('account/updated');
  await client.call('account/rateLimits/read', {});
}
