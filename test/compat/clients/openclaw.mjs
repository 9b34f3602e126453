// Runs a real client with our server in the place of codex: OpenClaw reads the usage. `npm run lab -- clients`; the
// first run installs it.
import { execFile } from 'node:child_process';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { nodePath } from '../matrix/nodes.mjs';
import { startDevBackendProcess } from '../../support/processes/dev-backend-process.mjs';
import { installedOnce } from '../installed-once.mjs';
import { readToolOptions } from '../../lab-tools.mjs';

readToolOptions('clients');
const here = fileURLToPath(new URL('.', import.meta.url));
const version = '2026.9.5';
const install = installedOnce([`openclaw@${version}`, `@openclaw/codex@${version}`]);
const clientNode = nodePath('24.21.0');
const serverNode = nodePath('20.20.2');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codex-account-server-clients-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
const backend = await startDevBackendProcess('at-limit');
const { stdout, stderr } = await promisify(execFile)(
  clientNode,
  [path.join(here, 'openclaw.mjs'), install, path.join(folder, 'agent')],
  {
    cwd: folder,
    env: {
      PATH: `${path.dirname(clientNode)}:${process.env.PATH}`,
      HOME: folder,
      TMPDIR: folder,
      CODEX_HOME: backend.codexHome,
      OPENCLAW_CODEX_APP_SERVER_BIN: serverNode,
      OPENCLAW_CODEX_APP_SERVER_ARGS: `${path.join(here, '../../../dist/main.cjs')} app-server`,
      // Requests to other hosts fail.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1',
    },
  },
);
await backend.close();

const { native, nativeTimes, agent, agentTimes } = JSON.parse(stdout);
const windows = native.windows.map(({ label, usedPercent }) => [label, usedPercent]);
assert.deepEqual(
  { ...native, windows },
  {
    provider: 'openai',
    displayName: 'OpenAI',
    windows: [
      ['5h', 100],
      ['Week', 100],
    ],
    plan: 'pro',
    accountEmail: 'dev@example.com',
  },
);
const { rateLimits, rateLimitResetCredits, accountId } = agent.rateLimits;
assert.deepEqual(
  [rateLimits.primary.usedPercent, rateLimitResetCredits.availableCount, accountId, agent.accountEmail],
  [100, 2, 'account-dev', 'dev@example.com'],
);
console.log([...new Set(stderr.split('\n'))].join('\n'));
console.log(`OpenClaw ${version} on node 24, our server on node 20; ms of each whole read, server started and ended:
with the login of CODEX_HOME: ${nativeTimes.join(', ')}
with tokens of the client's:  ${agentTimes.join(', ')}
2 passed, 0 failed`);
