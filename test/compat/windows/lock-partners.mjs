// Runs on node for Windows: lets our server and the real codex.exe, in its first argument, wait for the locks of each
// other, and prints a line for each pair. Exits with 1 if one of them did not wait, or the last login is not stored.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFileLocks } from '../../../.build/util/files/locks/file-lock.js';
import { createDevHome } from '../../../.build/dev-backend/home.js';
import { devEnvironment } from '../../../.build/dev-backend/environment.js';
import { startDevBackend } from '../../../.build/dev-backend/server.js';

const codex = process.argv[2];
const main = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));
const programs = { ours: [process.execPath, main], codex: [codex] };
const heldMs = 3_000;
let failures = 0;

for (const lock of ['auth.lock', 'auth.json.lock']) {
  for (const waiter of ['codex', 'ours']) {
    for (const end of ['is released', 'dies']) await waitForUs(lock, waiter, end);
  }
}
for (const waiter of ['codex', 'ours']) {
  for (const end of ['is released', 'dies']) await waitForCodex(waiter, end);
}
for (const waiter of ['codex', 'ours']) await refreshWhileHeld(waiter);
process.exitCode = failures > 0 ? 1 : 0;

/** A login while our code holds a lock, in this process or in one that is killed. */
async function waitForUs(lock, waiter, end) {
  const home = await newHome();
  const held = end === 'dies' ? await holdInChild(home.path, lock) : await hold(home.path, lock);
  const login = start(waiter, ['login', '--with-api-key'], home, 'sk-waiter\n');
  const waited = await stillRunsAfter(login, heldMs);
  await held.end();
  await report(`ours holds ${lock} and ${end}; ${waiter} signs in`, {
    home,
    waited,
    login,
    key: 'sk-waiter',
  });
}

/** A login while codex.exe holds auth.lock, because we hold auth.json.lock, for which it waits next. */
async function waitForCodex(waiter, end) {
  const home = await newHome();
  const inner = await hold(home.path, 'auth.json.lock');
  const holder = start('codex', ['login', '--with-api-key'], home, 'sk-holder\n');
  await untilLockedByOther(path.join(home.path, 'auth.lock'), holder);
  const login = start(waiter, ['login', '--with-api-key'], home, 'sk-waiter\n');
  const waited = await stillRunsAfter(login, heldMs);
  if (end === 'dies') {
    holder.child.kill();
    await holder.ended;
  }
  await inner.end();
  await report(`codex holds auth.lock and ${end}; ${waiter} signs in`, {
    home,
    waited,
    login,
    key: 'sk-waiter',
  });
  const { code, text } = await holder.ended;
  console.log(`    the holder ended with ${code}: "${lastLine(text)}"`);
}

/** A refresh while our code holds auth.lock. Codex sends it and waits with the save; ours does not send it. */
async function refreshWhileHeld(waiter) {
  const home = await newHome();
  const held = await hold(home.path, 'auth.lock');
  const server = start(waiter, ['app-server'], home);
  const send = (message) => server.child.stdin.write(`${JSON.stringify(message)}\n`);
  const refresh = (id) =>
    send({ id, method: 'getAuthStatus', params: { includeToken: false, refreshToken: true } });
  send({ id: 1, method: 'initialize', params: { clientInfo: { name: 'lock-partners', version: '1.0.0' } } });
  send({ method: 'initialized' });
  const before = storedRefreshToken(home.path);
  refresh(2);
  await stillRunsAfter(server, heldMs);
  const early = storedRefreshToken(home.path) !== before;
  await held.end();
  await server.line(({ id }) => id === 2);
  const late = storedRefreshToken(home.path) !== before;
  refresh(3);
  const { error } = await server.line(({ id }) => id === 3);
  server.child.stdin.end();
  await server.ended;
  const stored = storedRefreshToken(home.path) !== before;
  printResult(
    `ours holds auth.lock and is released; ${waiter} refreshes`,
    !early && stored && !error,
    `new tokens stored while it is held: ${early}, with the first answer: ${late}, after another request: ${stored}`,
  );
  await home.remove();
}

async function report(title, { home, waited, login, key }) {
  const released = Date.now();
  const { code, text } = await login.ended;
  const afterMs = Date.now() - released;
  let stored;
  try {
    stored = JSON.parse(fs.readFileSync(path.join(home.path, 'auth.json'), 'utf8')).OPENAI_API_KEY;
  } catch (error) {
    stored = error.message;
  }
  const isGood = waited && code === 0 && stored === key;
  printResult(
    title,
    isGood,
    `waited: ${waited}, ended ${afterMs} ms after it with ${code}, its key is stored: ${stored === key}, "${lastLine(text)}"`,
  );
  await home.remove();
}

function lastLine(text) {
  return text.trim().split('\n').at(-1);
}

function printResult(title, isGood, details) {
  if (!isGood) failures += 1;
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${title}\n    ${details}`);
}

/** Creates a CODEX_HOME with a login, and a backend and an issuer for it alone. */
async function newHome() {
  const backend = await startDevBackend({ scenario: 'fresh' });
  const home = createDevHome({ backendUrl: backend.url });
  return {
    path: home.path,
    environment: { ...process.env, ...devEnvironment(backend.url), CODEX_HOME: home.path },
    async remove() {
      await home.remove();
      await backend.close();
    },
  };
}

/** Starts a program, and collects its output. `line` resolves with the first message that fits. */
function start(program, words, { environment: env }, input) {
  const [command, ...first] = programs[program];
  const child = spawn(command, [...first, ...words], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (input) child.stdin.end(input);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (data) => (output += data));
  child.stderr.setEncoding('utf8').on('data', (data) => (errors += data));
  const ended = once(child, 'close').then(([code]) => ({ code, text: errors + output }));
  return {
    child,
    ended,
    async line(fits) {
      for (;;) {
        const found = output
          .split('\n')
          .slice(0, -1)
          .map((text) => JSON.parse(text))
          .find(fits);
        if (found) return found;
        await once(child.stdout, 'data');
      }
    },
  };
}

/** Holds a lock with our code in this process. */
async function hold(codexHome, lock) {
  const locks = createFileLocks({ log: { warn: console.error }, searchPath: undefined });
  const { promise: end, resolve } = Promise.withResolvers();
  const started = Promise.withResolvers();
  const work = locks.hold(
    [path.join(codexHome, lock)],
    () => {
      started.resolve();
      return end;
    },
    { isRequired: true },
  );
  await Promise.race([started.promise, work]);
  return {
    async end() {
      resolve();
      await work;
    },
  };
}

/** Holds a lock with our code in another process, which `end` kills. */
async function holdInChild(codexHome, lock) {
  const source = `
    import { createFileLocks } from ${JSON.stringify(new URL('../../../.build/util/files/locks/file-lock.js', import.meta.url).href)};
    const locks = createFileLocks({ log: { warn: console.error }, searchPath: undefined });
    setInterval(() => {}, 1000);
    await locks.hold([process.argv[1]], () => { console.log('held'); return new Promise(() => {}); }, { isRequired: true });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, path.join(codexHome, lock)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  return {
    async end() {
      child.kill();
      await ended;
    },
  };
}

/** Waits until another program has locked the file, or the process has ended. */
async function untilLockedByOther(file, { child }) {
  const library = new URL(`../../../dist/locks-win32-${process.arch}.node`, import.meta.url);
  const loaded = { exports: {} };
  process.dlopen(loaded, fileURLToPath(library));
  while (child.exitCode === null) {
    if (fs.existsSync(file)) {
      const descriptor = fs.openSync(file, 'a+');
      try {
        loaded.exports.tryLock(descriptor, 0, 0, true);
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
        return;
      } finally {
        fs.closeSync(descriptor);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stillRunsAfter({ child, ended }, ms) {
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, ms))]);
  return child.exitCode === null && child.signalCode === null;
}

function storedRefreshToken(codexHome) {
  return JSON.parse(fs.readFileSync(path.join(codexHome, 'auth.json'), 'utf8')).tokens?.refresh_token;
}
