// Measures whole processes: each terminal command beside an empty node and a poll of the server.
import { spawn } from 'node:child_process';
import { measurePoll } from './measure.mjs';
import { usageFrom } from './server-process.mjs';

/** The measured commands, in this order: the reads come last, because the stored ones need one from the backend. */
export const commands = [
  '--version',
  '--help',
  'completion bash',
  'login status',
  'redeem --history',
  'usage',
  'usage --json',
  'usage --format {window:300}',
  'usage --json --cached',
  'usage --json --max-age 86400',
  'usage --format {window:300} --max-age 86400',
].map((line) => ({ name: line.replace('86400', 'N'), args: line.split(' ') }));

/**
 * Measures an empty node, a poll and each command once, in an order that rotates with the round.
 *
 * @param home has the environment and the folder of the processes
 * @param program the words that start the program without a command
 * @returns the measurements by name
 */
export async function measureCommands({ node, program, home, backend, measurer }, round) {
  const { environment, cwd } = home;
  const runs = [
    { name: 'empty node', run: () => runOnce([node, '-e', '0'], { environment, cwd }, measurer) },
    {
      name: 'poll of the server',
      run: () => pollOnce({ words: [...program, 'app-server'], environment, cwd }, measurer),
    },
    ...commands.map(({ name, args }) => ({
      name,
      run: () => runOnce([...program, ...args], { environment, cwd }, measurer),
    })),
  ];
  const measured = {};
  for (let turn = 0; turn < runs.length; turn += 1) {
    const { name, run } = runs[(round + turn) % runs.length];
    const before = await backend.requestCount();
    const figures = await run();
    measured[name] = { ...figures, requests: (await backend.requestCount()) - before };
  }
  return Object.fromEntries(runs.map(({ name }) => [name, measured[name]]));
}

async function pollOnce(contestant, measurer) {
  const row = await measurePoll(contestant, measurer);
  return { wallMs: row['poll, wall ms'], cpuMs: row['poll, CPU ms'], peakMib: row['poll, peak MiB'] };
}

/** Runs a command to its end. @throws Error if it fails */
function runOnce(words, { environment, cwd }, measurer) {
  const child = spawn(measurer, words, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: environment, cwd });
  let report = '';
  let errors = '';
  child.stdout.resume();
  child.stderr.on('data', (text) => (errors = (errors + text).slice(-1000)));
  child.stdio[3].on('data', (text) => (report += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', () => {
      const { beganMs, endedMs, cpuMs, peakMib, status } = usageFrom(report);
      if (status === 0) resolve({ wallMs: endedMs - beganMs, cpuMs, peakMib });
      else reject(new Error(`${words.join(' ')}: status ${status}; stderr: ${errors}`));
    });
  });
}
