// Runs inside OpenClaw's own packages, on its own node, and reads the usage in both of its ways.
//   node openclaw.mjs FOLDER-OF-THE-INSTALL FOLDER-FOR-AN-AGENT   prints one JSON object
// The server is that of OPENCLAW_CODEX_APP_SERVER_BIN and _ARGS, the login that of CODEX_HOME.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [install, agentDir] = process.argv.slice(2);
const plugin = path.join(install, 'node_modules/@openclaw/codex');
const reads = 5;

const nativeTimes = [];
const agentTimes = [];
const native = await repeat(nativeTimes, await nativeRead());
const agent = await repeat(agentTimes, await agentRead());
process.stdout.write(JSON.stringify({ native, nativeTimes, agent, agentTimes }));
// OpenClaw keeps connections and timers open for its gateway.
process.exit(0);

/** Each read starts a server, asks it, and ends it. */
async function repeat(times, read) {
  let answer;
  for (let count = 0; count < reads; count += 1) {
    const beganMs = performance.now();
    answer = await read();
    times.push(Math.round(performance.now() - beganMs));
  }
  return answer;
}

/** Reads the usage as a provider: with the login of CODEX_HOME. */
async function nativeRead() {
  const { createCodexAppServerAgentHarness } = await import(path.join(plugin, 'dist/harness.js'));
  const { resolve } = createRequire(path.join(plugin, 'package.json'));
  const { CODEX_APP_SERVER_AUTH_MARKER: token } = await import(resolve('openclaw/plugin-sdk/agent-runtime'));
  const harness = createCodexAppServerAgentHarness({ pluginConfig: { appServer: { homeScope: 'user' } } });
  return () => harness.fetchUsageSnapshot({ token, agentDir, timeoutMs: 20_000, config: {} });
}

/** Reads the usage as an agent: on the home of the agent, with tokens from OpenClaw. */
async function agentRead() {
  const inner = path.join(plugin, 'dist/.setup');
  const file = fs.readdirSync(inner).find((name) => /^request-.*\.mjs$/.test(name));
  const read = Object.values(await import(path.join(inner, file))).find(
    ({ name }) => name === 'readCodexAppServerUsage',
  );
  const codexHome = process.env.CODEX_HOME;
  const { tokens } = JSON.parse(fs.readFileSync(path.join(codexHome, 'auth.json'), 'utf8'));
  fs.mkdirSync(path.join(agentDir, 'codex-home'), { recursive: true });
  fs.copyFileSync(path.join(codexHome, 'config.toml'), path.join(agentDir, 'codex-home/config.toml'));
  const profileId = 'openai:dev';
  const profile = {
    type: 'oauth',
    provider: 'openai',
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    accountId: tokens.account_id,
    email: 'dev@example.com',
    expires: 4_102_444_800_000,
  };
  return () =>
    read({
      agentDir,
      config: {},
      timeoutMs: 20_000,
      authRequirement: 'subscription',
      preparedAuth: { kind: 'profile', profileId, store: { version: 1, profiles: { [profileId]: profile } } },
      startOptions: {
        transport: 'stdio',
        homeScope: 'agent',
        command: process.env.OPENCLAW_CODEX_APP_SERVER_BIN,
        commandSource: 'env',
        args: process.env.OPENCLAW_CODEX_APP_SERVER_ARGS.split(' '),
        headers: {},
      },
    });
}
