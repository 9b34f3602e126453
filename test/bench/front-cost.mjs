// Measures what an upstream costs: polls that do not start it, its first answer, and what it passes on. Needs Linux and a
// C compiler.
//   npm run lab -- front-cost [--rounds N] [--upstream PATH]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readToolOptions } from '../lab-tools.mjs';
import { measurePoll } from './measure.mjs';
import { nowMs } from './server-process.mjs';
import { createContestant, makeFolder, prepare, startBackend } from './setup.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const options = readToolOptions('front-cost');
const rounds = Number(options.rounds);
const standIn = path.join(root, 'test/support/processes/stand-in-codex.mjs');
const upstream = options.upstream || standIn;

const initialize = {
  id: 0,
  method: 'initialize',
  params: { clientInfo: { name: 'bench', title: null, version: '1' } },
};

const folder = makeFolder();
const { measurer } = await prepare(folder);
const backend = await startBackend(folder, 'http');
const server = [process.execPath, path.join(root, 'dist/main.cjs'), 'app-server'];
const contestant = (name, words) => createContestant(folder, { name, words }, backend);
const plain = contestant('without an upstream', server);
const front = contestant('with an upstream', [...server, '--upstream', upstream]);
const alone = contestant('the upstream alone', [upstream, 'app-server']);

try {
  await printPolls();
  await printFirstAnswers();
  if (upstream === standIn) await printFlood();
} finally {
  await backend.close();
}

async function printPolls() {
  const poll = (one) => measurePoll(one, measurer);
  for (const one of [plain, front, plain, front]) await poll(one);
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) {
    // Either is first in every other round.
    const isSwapped = round % 2 === 1;
    const [one, other] = isSwapped ? [front, plain] : [plain, front];
    const results = [await poll(one), await poll(other)];
    pairs.push(isSwapped ? results.reverse() : results);
  }
  for (const row of ['poll, wall ms', 'poll, CPU ms', 'spawn to first read, ms', 'poll, peak MiB']) {
    const [without, withIt] = [0, 1].map((index) => median(pairs.map((pair) => pair[index][row])));
    const ratio = median(pairs.map(([one, other]) => other[row] / one[row]));
    console.log(
      `${row}: ${without.toFixed(1)} without, ${withIt.toFixed(1)} with, ratio ${ratio.toFixed(3)}`,
    );
  }
}

async function printFirstAnswers() {
  const times = { alone: [], front: [], later: [] };
  for (let round = 0; round < Math.ceil(rounds / 4); round += 1) {
    times.alone.push(await firstAnswer(alone));
    times.front.push(await firstAnswer(front));
    times.later.push(await firstAnswer(front, true));
  }
  const text = Object.entries(times).map(([name, all]) => `${name} ${median(all).toFixed(0)}`);
  console.log(`first answer of the upstream, ms: ${text.join(', ')}`);
  console.log(
    '  alone, front: from the start of the process; later: from the request, in a server that runs',
  );
}

/** Returns the milliseconds until the answer to a method that needs no network. */
async function firstAnswer(one, isLater = false) {
  const client = startClient(one);
  let sinceMs = nowMs();
  client.send(initialize);
  if (isLater) {
    await client.until((line) => line.includes('"id":0'));
    sinceMs = nowMs();
  }
  client.send({ id: 1, method: 'configRequirements/read' });
  await client.until((line) => line.includes('"id":1,') || line.includes('"id":1}'));
  const tookMs = nowMs() - sinceMs;
  await client.end();
  return tookMs;
}

async function printFlood() {
  for (const one of [alone, front]) {
    const client = startClient(one);
    let next = 0;
    let bytes = 0;
    let isInOrder = true;
    let peakMib = 0;
    client.send(initialize);
    const beganMs = nowMs();
    client.send({ id: 1, method: 'test/flood', params: { count: 100_000, size: 200 } });
    await client.until((line) => {
      if (!line.includes('test/flooded')) return false;
      isInOrder &&= line.includes(`"number":${next},`);
      next += 1;
      bytes += line.length + 1;
      if (next === 100_000) peakMib = client.peakMib();
      return next === 100_000;
    });
    const seconds = (nowMs() - beganMs) / 1000;
    const rate = bytes / 1e6 / seconds;
    const order = isInOrder ? 'in order' : 'NOT IN ORDER';
    console.log(
      `100,000 notifications, ${one.name}: ${order}, ${seconds.toFixed(2)} s, ${rate.toFixed(1)} MB/s, peak ${peakMib.toFixed(0)} MiB`,
    );
    await client.end();
  }
}

function startClient({ words: [command, ...args], environment, cwd }) {
  const child = spawn(command, args, { env: environment, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  let rest = '';
  let onLine = () => false;
  let found = () => undefined;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) if (onLine(line)) found();
  });
  return {
    send: (message) => child.stdin.write(`${JSON.stringify(message)}\n`),
    until: (isIt) =>
      new Promise((resolve) => {
        onLine = isIt;
        found = resolve;
      }),
    peakMib: () =>
      Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    async end() {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
