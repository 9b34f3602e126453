import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import '../support/processes/built-server.js';

// `npm run bench` measures more often, and prints tables.

const labels = [
  'spawn to initialize, ms',
  'spawn to first read, ms',
  'poll, wall ms',
  'poll, CPU ms',
  'poll, peak MiB',
  'end of input to exit, ms',
  'warm read, median ms',
  'warm read, 99 % ms',
  '40 reads at once, ms',
  'session, CPU ms',
  'session, peak MiB',
];
const ourselves = `again=${process.execPath} dist/main.cjs app-server`;
const size = '--rounds 1 --sessions 1 --reads 6 --pipelined 40'.split(' ');

test('one round measures ours, the floor and a third server, over http and https', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    'test/bench/run-bench.mjs',
    ...size,
    ...['--tls', '--json', '--against', ourselves],
  ]);
  // Above 0, below a million.
  const some: unknown = expect.closeTo(5e5, -6);
  const row = (label: string) => ({
    label,
    medians: { ours: some, floor: some, again: some },
    ratios: { floor: some, again: some },
  });
  const result = (protocol: string) => ({ node: process.version, protocol, rows: labels.map(row) });
  expect(JSON.parse(stdout)).toEqual({
    results: [result('http'), result('https')],
    package: { files: expect.any(Number), bytes: expect.any(Number) },
  });
}, 60_000);

test('one round with --commands measures each command, and counts its requests', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    'test/bench/run-bench.mjs',
    ...['--commands', '--rounds', '1', '--json'],
  ]);
  const { results } = JSON.parse(stdout) as {
    results: [{ commands: { ours: { name: string; requests: number; cpuMs: number }[] } }];
  };
  const { ours } = results[0].commands;
  expect(ours.every(({ cpuMs }) => cpuMs > 0)).toBe(true);
  expect(Object.fromEntries(ours.map(({ name, requests }) => [name, requests]))).toEqual({
    'node -e 0': 0,
    'poll of the server': 2,
    usage: 2,
    'usage --json': 2,
    'usage --format {window:300}': 2,
    'usage --json --cached': 0,
    'usage --json --max-age 86400': 0,
    'usage --format {window:300} --max-age 86400': 0,
    'usage --cached': 0,
    'redeem --history': 0,
    'login status': 0,
    'completion bash': 0,
    '--help': 0,
    '--version': 0,
  });
}, 60_000);
