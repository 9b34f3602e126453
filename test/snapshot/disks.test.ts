import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type BuiltServer,
  startBuiltServer,
  stopServer,
  withBuiltServer,
} from '../support/processes/built-server.js';
import { mounting, whyNotMounting } from '../support/files/mounting.js';

const initialize = { clientInfo: { name: 'test', version: '1' } };
const young = { maxAgeSecs: 600, excludeResetCreditDetails: true };

/** Starts a server whose disks a script has changed. The script gets CODEX_HOME as `$0`. */
async function startOn(script: string, home: string): Promise<BuiltServer> {
  const launcher = [...(mounting ?? []), 'sh', '-c', `${script}; exec "$@"`, home];
  const server = startBuiltServer({ launcher, environment: { CODEX_HOME: home, HOME: home } });
  await server.call(1, 'initialize', initialize);
  return server;
}

test.runIf(mounting)(`a full disk: what is stored is used, and not after a redemption${whyNotMounting}`, () =>
  withBuiltServer({ scenario: 'at-limit' }, async ({ backend, home, server }) => {
    const requests = (): number => backend.requests.filter(({ url }) => url.endsWith('/usage')).length;
    await server.call(1, 'initialize', initialize);
    await server.call(2, 'account/rateLimits/read', young);
    cpSync(join(home.path, 'account-server'), join(home.path, 'saved'), { recursive: true });
    const full =
      'mount -t tmpfs -o size=64k,mode=700 tmpfs "$0/account-server" && cp -p "$0"/saved/* "$0/account-server"' +
      ' && head -c 1000000 /dev/zero > "$0/account-server/full" 2>/dev/null';
    const other = await startOn(full, home.path);
    try {
      const read = async (id: number): Promise<unknown> =>
        (await other.call(id, 'account/rateLimits/read', young)).rateLimits.primary?.usedPercent;
      expect([await read(2), requests()]).toEqual([100, 1]);
      await other.call(3, 'account/rateLimitResetCredit/consume', { idempotencyKey: 'key-1' });
      expect([await read(4), await read(5), requests()]).toEqual([0, 0, 3]);
    } finally {
      await stopServer(other);
    }
  }),
);

test.runIf(mounting)(`in a read-only home reads are live${whyNotMounting}`, () =>
  withBuiltServer({}, async ({ backend, home }) => {
    mkdirSync(join(home.path, 'account-server'), { mode: 0o700 });
    const readOnly = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"';
    const other = await startOn(readOnly, home.path);
    try {
      for (const id of [2, 3]) {
        expect(await other.call(id, 'account/rateLimits/read', young)).toHaveProperty('readAt');
      }
      expect(backend.requests).toHaveLength(2);
      expect(other.stderr()).toBe('');
    } finally {
      await stopServer(other);
    }
  }),
);
