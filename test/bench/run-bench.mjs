// Measures a poll and a session next to their floor, the minimum that they can cost. Needs Linux and a C compiler.
//   npm run bench -- [options]
//   --against 'name=command'  one more server, started as given; may be repeated
//   --node PATH               the node that runs ours and the floor, by default this one; may be repeated
//   --tls                     also measures https
//   --rounds N                polls of each (25)          --sessions N   sessions of each (3)
//   --reads N                 reads of a session (300)    --pipelined N  reads at once (1000)
//   --commands                measures the terminal commands instead, beside an empty node and a poll
//   --json                    numbers for programs
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCommands, rowsOfCommands, tableOfCommands } from './commands.mjs';
import { measurePoll, measureSession } from './measure.mjs';
import { createContestant, prepare, startBackend, makeFolder } from './setup.mjs';
import { rowsOf, tableOf } from './table.mjs';
import { readOptions } from '../tools/read-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const options = readOptions(
  "npm run bench -- [--against 'NAME=COMMAND'] [--node PATH] [--commands | --tls] [--rounds N] [--sessions N] [--reads N] [--pipelined N] [--json]",
  {
    against: { type: 'string', multiple: true, default: [] },
    node: { type: 'string', multiple: true, default: [process.execPath] },
    commands: { type: 'boolean', default: false },
    tls: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '25' },
    sessions: { type: 'string', default: '3' },
    reads: { type: 'string', default: '300' },
    pipelined: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
);
const print = options.json ? () => undefined : console.log;

const folder = makeFolder();
const prepared = await prepare(folder);
const results = [];
for (const node of options.node) {
  if (options.commands) results.push(await compareCommands(node));
  else
    for (const protocol of options.tls ? ['http', 'https'] : ['http'])
      results.push(await compare(node, protocol));
}
print('\nA ratio is the median of the ratios of neighbouring runs.');
const shipped = packageSize();
print(`package: ${shipped.files} files, ${(shipped.bytes / 2 ** 20).toFixed(2)} MiB unpacked`);
if (options.json) console.log(JSON.stringify({ results, package: shipped }, null, 1));

async function compare(node, protocol) {
  const { measurer, floor } = prepared;
  const backend = await startBackend(folder, protocol);
  try {
    const contestants = [
      { name: 'ours', words: [node, path.join(root, 'dist/main.cjs'), 'app-server'] },
      { name: 'floor', words: [node, floor] },
      ...options.against.map(contestantFrom),
    ].map((contestant) => createContestant(folder, contestant, backend));
    const version = announced(node, protocol);
    const poll = (contestant) => measurePoll(contestant, measurer);
    const size = { reads: Number(options.reads), pipelined: Number(options.pipelined) };
    const session = (contestant) => measureSession(contestant, measurer, size);
    // A first poll of each fills its caches.
    await takeTurns(contestants, 1, poll);
    const rows = [
      ...rowsOf(await takeTurns(contestants, Number(options.rounds), poll)),
      ...rowsOf(await takeTurns(contestants, Number(options.sessions), session)),
    ];
    print(`\n${tableOf(rows)}`);
    return { node: version, protocol, rows };
  } finally {
    await backend.close();
  }
}

/** Measures the commands of ours and of each `--against`, whose command then starts the program without `app-server`. */
async function compareCommands(node) {
  const { measurer } = prepared;
  const backend = await startBackend(folder, 'http');
  try {
    const version = announced(node, 'commands');
    const programs = [
      { name: 'ours', words: [node, path.join(root, 'dist/main.cjs')] },
      ...options.against.map(contestantFrom),
    ].map((contestant) => ({
      name: contestant.name,
      program: contestant.words,
      home: createContestant(folder, contestant, backend),
      rounds: [],
    }));
    const measure = ({ program, home }, round) =>
      measureCommands({ node, program, home, backend, measurer }, round);
    // The first rounds fill the caches, and store a read.
    for (const each of programs) await measure(each, 0);
    for (let round = 0; round < Number(options.rounds); round += 1)
      for (const each of programs) each.rounds.push(await measure(each, round));
    const tables = programs.map(({ name, rounds }) => ({ name, rows: rowsOfCommands(rounds) }));
    for (const { name, rows } of tables) print(`\n${name}:\n\n${tableOfCommands(rows)}`);
    return { node: version, commands: Object.fromEntries(tables.map(({ name, rows }) => [name, rows])) };
  } finally {
    await backend.close();
  }
}

/** Prints the heading of a table. Returns the version of node. */
function announced(node, what) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  print(`\nnode ${version}, ${what}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}`);
  return version;
}

/**
 * Runs the contestants interleaved and in rotating order, so that other load of the machine affects all of them
 * equally.
 */
async function takeTurns(contestants, rounds, measure) {
  const samples = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const contestant = contestants[(round + turn) % contestants.length];
      samples[contestant.name].push(await measure(contestant));
    }
  }
  return samples;
}

function contestantFrom(text) {
  const [, name, command] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  if (!name) throw new Error(`--against takes 'name=command', not ${JSON.stringify(text)}`);
  // Each contestant runs in its own folder.
  const words = command.split(/\s+/).filter((word) => word !== '');
  return { name, words: words.map((word) => (fs.existsSync(word) ? path.resolve(word) : word)) };
}

/** Returns the size of the installed package. */
function packageSize() {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ entryCount, unpackedSize }] = Object.values(JSON.parse(output));
  return { files: entryCount, bytes: unpackedSize };
}
