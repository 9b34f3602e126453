// Counts the instructions of whole commands, and compares them with `cost-gate.json`. Counts hardly depend on the load
// of the machine, so that a small change of the cost is seen.
//   --record   writes the counts into `cost-gate.json`, after an intended change
// The exit code is 1 if a count is off, and 3 if nothing could be counted.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeIfAvailable } from '../compat/matrix/nodes.mjs';
import { startDevBackendProcess } from '../support/processes/dev-backend-process.mjs';
import { readOptions } from '../tools/read-options.mjs';

const program = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
const file = fileURLToPath(new URL('cost-gate.json', import.meta.url));
const { node: version, tolerancePercent, commands: expected } = JSON.parse(fs.readFileSync(file, 'utf8'));
const { record } = readOptions('npm run cost -- [--record]', { record: { type: 'boolean' } });

const poll = [
  { id: 1, method: 'initialize', params: { clientInfo: { name: 'cost', version: '1' } } },
  { id: 2, method: 'account/rateLimits/read', params: {} },
]
  .map((message) => `${JSON.stringify(message)}\n`)
  .join('');

/** `prepare` are runs before the measured ones, with the same home. */
const commands = {
  'poll without a code cache': { words: ['app-server'], input: poll, prepare: [], runs: 1 },
  poll: { words: ['app-server'], input: poll, prepare: [['app-server']], runs: 3 },
  'usage --json': { words: ['usage', '--json'], prepare: [['usage', '--json']], runs: 3 },
  'usage --json of a stored read': {
    words: ['usage', '--json', '--max-age', '600'],
    prepare: [
      ['usage', '--json', '--max-age', '600'],
      ['usage', '--json', '--max-age', '600'],
    ],
    runs: 3,
  },
};

/** Without them the seeds of V8's hash tables and its threads change a count by up to 5 %. */
const repeatable = ['--hash-seed=1', '--random-seed=1', '--single-threaded'];

process.exitCode = await main();

async function main() {
  if (spawnSync('valgrind', ['--version']).status !== 0) {
    console.log('Not counted: valgrind is not installed.');
    return 3;
  }
  const node = nodeIfAvailable(version);
  if (node === undefined) return 3;
  const counts = {};
  for (const [name, command] of Object.entries(commands)) counts[name] = await measure(node, command);
  if (record) fs.writeFileSync(file, json({ node: version, tolerancePercent, commands: counts }));
  return report(record ? counts : expected, counts);
}

/** Returns the smallest count of the runs, in millions. */
async function measure(node, { words, input = '', prepare, runs }) {
  const backend = await startDevBackendProcess('fresh');
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'codex-account-server-cost-'));
  const count = (args) => {
    // V8 takes no code cache of a processor with other features, so that the runs before are in valgrind too.
    const valgrind = [
      '--tool=callgrind',
      '--callgrind-out-file=/dev/null',
      node,
      ...repeatable,
      program,
      ...args,
    ];
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      CODEX_HOME: backend.codexHome,
      TZ: 'UTC',
      LANG: 'C.UTF-8',
    };
    const { status, stdout, stderr } = spawnSync('valgrind', valgrind, { input, env, encoding: 'utf8' });
    const [, instructions] = /Collected : (\d+)/.exec(stderr) ?? [];
    if (status !== 0 || !stdout.includes('usedPercent') || instructions === undefined) {
      throw new Error(`${args.join(' ')} failed: ${stdout}${stderr}`);
    }
    return Math.round(Number(instructions) / 1e5) / 10;
  };
  try {
    for (const args of prepare) count(args);
    return Math.min(...Array.from({ length: runs }, () => count(words)));
  } finally {
    fs.rmSync(home, { recursive: true });
    await backend.close();
  }
}

/** Prints a table. Returns the exit code. */
function report(wanted, counts) {
  let exitCode = 0;
  console.log(`Instructions in millions, node ${version}:`);
  for (const [name, count] of Object.entries(counts)) {
    const percent = (count / wanted[name] - 1) * 100;
    // A command without a number in the file is off, too.
    const isOff = !(Math.abs(percent) <= tolerancePercent);
    if (isOff) exitCode = 1;
    console.log(
      `${isOff ? 'FAILED' : 'ok    '}  ${name}: ${count}, expected ${wanted[name]} (${percent.toFixed(1)} %)`,
    );
  }
  if (exitCode === 1) console.log('If the change is intended: npm run cost -- --record');
  return exitCode;
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
