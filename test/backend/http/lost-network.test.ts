import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createDevHome } from '../../../src/dev-backend/home.js';

/** Runs a command in a network of its own. */
const inOwnNetwork = ['unshare', '--user', '--map-root-user', '--net'];
const canRun = spawnSync('env', [...inOwnNetwork, 'ip', 'link', 'set', 'lo', 'up']).status === 0;
const why = canRun ? '' : ' (cannot run here: it needs `unshare` and `ip`, and a user that may use them)';

test.skipIf(!canRun)(`a read on a kept connection fails at once if the network is gone${why}`, async () => {
  const home = createDevHome({ backendUrl: 'http://127.0.0.1:9' });
  try {
    const script = fileURLToPath(new URL('lost-network.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(
      'env',
      [...inOwnNetwork, process.execPath, script, 'dist/main.cjs', home.path],
      { env: { PATH: process.env.PATH, CODEX_HOME: home.path } },
    );
    // With the kept connection alone it would be `timedOut`.
    expect(JSON.parse(stdout)).toMatchObject({ error: { data: { kind: 'backendUnreachable' } } });
  } finally {
    home.remove();
  }
});
