import { execFileSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import '../support/processes/built-server.js';
import type { AccountClient } from '../../src/client/account-client.js';
import { createClient } from '../../src/client/client.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { startDevBackend } from '../../src/dev-backend/server.js';
import { isLab, labNumber } from '../support/lab-options.js';
import { clientInfo } from './connection/stand-in-fixture.js';

type Act = (client: AccountClient, signal: AbortSignal) => Promise<void> | void;

/** Lets a call go on while the client is closed. */
function ignore(call: Promise<unknown>): void {
  call.catch(() => undefined);
}

const states: readonly (readonly [string, Act])[] = [
  ['that was never used', () => undefined],
  ['that starts its server', (client) => ignore(client.readAccount())],
  [
    'that reads',
    async (client, signal) => {
      await client.serverInfo();
      ignore(client.readRateLimits({ signal }));
    },
  ],
  ['whose watch has not begun', (client, signal) => void client.watchRateLimits({ signal })],
  ['whose watch begins', (client, signal) => ignore(client.watchRateLimits({ signal }).next())],
  [
    'whose watch waits',
    async (client, signal) => {
      const values = client.watchRateLimits({ signal });
      await values.next();
      ignore(values.next());
    },
  ],
  [
    'whose watch was left',
    async (client, signal) => {
      for await (const { accountId } of client.watchRateLimits({ signal })) if (accountId !== null) break;
    },
  ],
  [
    'whose watch was aborted while it began',
    async (client) => {
      const controller = new AbortController();
      const next = client.watchRateLimits({ signal: controller.signal }).next();
      controller.abort();
      await next;
    },
  ],
  ['that redeems', (client) => ignore(client.redeem())],
  ['that waits until use is allowed', (client, signal) => ignore(client.waitUntilAllowed({ signal }))],
];

/** Lists the servers that this process has started. */
function childProcesses(): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => Number.parseInt(line) === process.pid && line.includes('main.cjs'));
}

const clientsOfState = Math.ceil(labNumber('clients', 3 * states.length) / states.length);
const atOnce = 3;

interface Counts {
  readonly processes: number;
  readonly descriptors: number;
  /** Of the signals that all calls share. */
  readonly listeners: number;
}

function countsNow(signal: AbortSignal): Counts {
  return {
    processes: childProcesses().length,
    descriptors: existsSync(descriptors) ? readdirSync(descriptors).length : 0,
    listeners: getEventListeners(signal, 'abort').length,
  };
}

const descriptors = '/proc/self/fd';

/** Calls with the environment of a server that is signed in to a backend of its own. */
async function withDevBackend(act: (environment: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  const backend = await startDevBackend({ scenario: 'at-limit' });
  const home = createDevHome({ backendUrl: backend.url });
  const { PATH } = process.env;
  try {
    await act({ PATH, CODEX_HOME: home.path, HOME: home.path, ...devEnvironment(backend.url) });
  } finally {
    await backend.close();
    home.remove();
  }
}

test.each(states)(
  'closing clients %s leaves no process, descriptor or listener behind',
  async (what, act) => {
    const { signal } = new AbortController();
    const before = countsNow(signal);
    await withDevBackend(async (env) => {
      const run = async (): Promise<void> => {
        await using client = createClient({ clientInfo, env });
        await act(client, signal);
      };
      for (let count = 0; count < clientsOfState; count += atOnce) {
        await Promise.all(Array.from({ length: Math.min(atOnce, clientsOfState - count) }, run));
      }
      // Calls that were in flight settle after the close.
      await new Promise(setImmediate);
    });
    const after = countsNow(signal);
    if (isLab) console.log(JSON.stringify({ what, clients: clientsOfState, before, after }));
    expect(after).toEqual(before);
  },
  3_600_000,
);
