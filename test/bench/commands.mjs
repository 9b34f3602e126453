// Measures whole processes: each terminal command beside an empty node and a poll of the server.
import { spawn } from 'node:child_process';
import { measurePoll } from './measure.mjs';
import { usageFrom } from './server-process.mjs';
import { median } from './table.mjs';

/** The measured commands. The live reads come first, because the stored reads need one. */
const lines = [
  'usage',
  'usage --json',
  'usage --format {window:300}',
  'usage --json --cached',
  'usage --json --max-age 86400',
  'usage --format {window:300} --max-age 86400',
  'usage --cached',
  'redeem --history',
  'login status',
  'completion bash',
  '--help',
  '--version',
];

const emptyNode = 'node -e 0';
const poll = 'poll of the server';

/** Measures an empty node, a poll and each command once. The order rotates with the round. */
export async function measureCommands({ node, program, home, backend, measurer }, round) {
  const { environment, cwd } = home;
  const run = (words) => () => runOnce({ words, environment, cwd }, measurer);
  const processes = [
    [emptyNode, run([node, '-e', '0'])],
    [poll, () => pollOnce({ words: [...program, 'app-server'], environment, cwd }, measurer)],
    ...lines.map((line) => [line, run([...program, ...line.split(' ')])]),
  ];
  const figures = {};
  for (let turn = 0; turn < processes.length; turn += 1) {
    const [name, measure] = processes[(round + turn) % processes.length];
    const before = await backend.requestCount();
    const measured = await measure();
    if (measured) figures[name] = { ...measured, requests: (await backend.requestCount()) - before };
  }
  return Object.fromEntries(processes.flatMap(([name]) => (figures[name] ? [[name, figures[name]]] : [])));
}

async function pollOnce(contestant, measurer) {
  const row = await measurePoll(contestant, measurer);
  return { cpuMs: row['poll, CPU ms'], wallMs: row['poll, wall ms'], peakMib: row['poll, peak MiB'] };
}

/** Runs a command to its end. Resolves with undefined if it fails: an older version may not have it. */
function runOnce({ words, environment, cwd }, measurer) {
  const child = spawn(measurer, words, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: environment, cwd });
  let report = '';
  child.stdout.resume();
  child.stderr.resume();
  child.stdio[3].on('data', (text) => (report += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', () => {
      const { beganMs, endedMs, cpuMs, peakMib, status } = usageFrom(report);
      resolve(status === 0 ? { cpuMs, wallMs: endedMs - beganMs, peakMib } : undefined);
    });
  });
}

/** Returns a row for each process: medians, and the medians of the ratios of the same round. */
export function rowsOfCommands(rounds) {
  const ratio = (name, other, figure) =>
    median(rounds.map((round) => round[name][figure] / round[other][figure]));
  return Object.keys(rounds[0]).map((name) => {
    const of = (figure) => median(rounds.map((round) => round[name][figure]));
    return {
      name,
      cpuMs: of('cpuMs'),
      wallMs: of('wallMs'),
      peakMib: of('peakMib'),
      requests: of('requests'),
      ratios: {
        'CPU/node': ratio(name, emptyNode, 'cpuMs'),
        'CPU/poll': ratio(name, poll, 'cpuMs'),
        'peak/node': ratio(name, emptyNode, 'peakMib'),
        'peak/poll': ratio(name, poll, 'peakMib'),
      },
    };
  });
}

export function tableOfCommands(rows) {
  const heads = ['', 'CPU ms', 'wall ms', 'peak MiB', 'requests', ...Object.keys(rows[0].ratios)];
  return [
    heads,
    ['---', ...heads.slice(1).map(() => '---:')],
    ...rows.map(({ name, cpuMs, wallMs, peakMib, requests, ratios }) => [
      name.startsWith('poll') ? name : `\`${name}\``,
      ...[cpuMs, wallMs, peakMib].map((value) => value.toFixed(1)),
      requests,
      ...Object.values(ratios).map((value) => value.toFixed(2)),
    ]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
