// Runs one case against one server and returns its observation.
import fs from 'node:fs';
import path from 'node:path';

import { startBackend } from './backend.mjs';
import { makeCodexHome } from './codex-home.mjs';
import { normalized } from './observation.mjs';
import { startServer } from './server-process.mjs';

const usualLimitMs = 20_000;

/** The running servers. They are killed if the suite is interrupted. */
const running = new Set();
process.on('exit', () => {
  for (const server of running) server.killGroup();
});

/**
 * Runs the case with its own backend, CODEX_HOME and servers, and removes all of them.
 *
 * @param target the words that start a server, cut before `app-server`: `{ program, subcommand, env, isForeign }`
 * @returns `{ observation, unasked }`, or `{ failure, unasked }` with the reason. `unasked` lists the requests that a
 *   foreign server has sent by itself.
 */
export async function runCase(test, target, directory) {
  const own = fs.mkdtempSync(path.join(directory, 'case-'));
  const backend = await startBackend({ keepsUnasked: target.isForeign });
  const home = makeCodexHome(own, { backendUrl: backend.url, login: test.login, config: test.config });
  const servers = [];
  let timer;

  function start({ before = [], after = [], words, env = {}, cwd = own, framing } = {}) {
    const [command, ...program] = target.program;
    const args = words ?? [...before, ...target.subcommand, ...after];
    const server = startServer({
      command,
      args: [...program, ...args],
      env: defined({ ...target.env, HOME: own, CODEX_HOME: home, ...tokenEndpoints(backend.url), ...env }),
      cwd,
      framing,
    });
    servers.push(server);
    running.add(server);
    void server.exited.then(() => running.delete(server));
    return server;
  }

  async function open(options) {
    const server = start(options);
    await server.initialize();
    return server;
  }

  const tooLate = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the case took too long')), test.limitMs ?? usualLimitMs);
  });
  try {
    const context = { backend, home, directory: own, start, open };
    const observation = await Promise.race([test.run(context), tooLate]);
    const names = [
      [backend.url, '<backend>'],
      [backend.url.slice('http://'.length), '<backend-host>'],
      [home, '<home>'],
      [own, '<directory>'],
    ];
    return { observation: normalized(observation, names), unasked: backend.unasked() };
  } catch (error) {
    return { failure: error.message, unasked: backend.unasked() };
  } finally {
    clearTimeout(timer);
    await Promise.all(servers.map((server) => server.destroy()));
    await backend.close();
    // A process that the server has left running may still write there.
    fs.rmSync(own, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Keeps every token of a case on this machine. */
function tokenEndpoints(backendUrl) {
  return {
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${backendUrl}/oauth/token`,
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: `${backendUrl}/oauth/revoke`,
    CODEX_APP_SERVER_LOGIN_ISSUER: backendUrl,
  };
}

/** Removes variables that are undefined. */
function defined(env) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
