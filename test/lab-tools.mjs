// The tools of `npm run lab`.
import { versions } from './compat/matrix/nodes.mjs';
import { readOptions } from './tools/read-options.mjs';

/**
 * `run` is a program, or a test file or folder, which runs in its long form. `builds` are the scripts of package.json
 * that run first. `value` of an option is its argument in the list.
 */
export const tools = {
  faults: {
    purpose:
      'Redeems against a backend that fails in ways that the seed decides, and prints a table of the outcomes.',
    run: 'test/stress/faults',
    options: { count: number('10000'), seed: seed() },
  },
  fuzz: {
    purpose:
      'Sends valid and invalid messages to the built server, and replies with bad values to its requests.',
    builds: ['build'],
    run: 'test/stress/fuzz',
    options: { lines: number('1000000'), replies: number('100000'), seed: seed() },
  },
  soak: {
    purpose:
      'Reads, signs in and out, and prints memory and open files of one server after each tenth of the work.',
    builds: ['build'],
    run: 'test/stress/soak',
    options: { reads: number('100000'), logins: number('1000') },
  },
  'refresh-rounds': {
    purpose:
      'Refreshes the tokens of one CODEX_HOME from several servers at the same time. Locks are held, or auth.json is mounted.',
    builds: ['build'],
    run: 'test/stress/refresh/rounds.test.ts',
    options: { rounds: number('200'), seed: seed() },
  },
  'refresh-kills': {
    purpose: 'Kills servers with SIGKILL while they refresh tokens, and injects errors into their saves.',
    builds: ['build'],
    run: 'test/stress/refresh/kills.test.ts',
    options: { kills: number('500'), seed: seed() },
  },
  'redemption-kills': {
    purpose:
      'Kills the client or the server with SIGKILL in redemptions, changes the account, the clock, the lock or the answers, and redeems again.',
    builds: ['build'],
    run: 'test/stress/redemption/kills.test.ts',
    options: { rounds: number('1000'), seed: seed(), only: round() },
  },
  'redemption-races': {
    purpose: 'Redeems from two processes at the same time, with the same faults.',
    builds: ['build'],
    run: 'test/stress/redemption/races.test.ts',
    options: { rounds: number('200'), seed: seed(), only: round() },
  },
  'redemption-rules': {
    purpose:
      'Redeems by rules while processes are killed, answers are lost, users change, the clock moves and rules are revoked.',
    builds: ['build', 'build:modules'],
    run: 'test/stress/redemption/rules/rules.test.ts',
    options: { rounds: number('200'), seed: seed(), only: round() },
  },
  'client-leaks': {
    purpose: 'Opens and closes clients in every state, and prints what they leave behind.',
    builds: ['build'],
    run: 'test/client/leaks.test.ts',
    options: { clients: number('1000') },
  },
  'front-kills': {
    purpose:
      'Kills our server, or a program that stands in for the real codex behind it, at random moments, and counts the answers.',
    builds: ['build'],
    run: 'test/stress/front/kills.test.ts',
    options: { kills: number('200'), seed: seed() },
  },
  'front-rotation': {
    purpose:
      'Refreshes tokens through our server and the real codex behind it, or its stand-in, with an issuer that accepts a token once.',
    builds: ['build'],
    run: 'test/stress/front/rotation.test.ts',
    options: { rounds: number('200'), upstream: { type: 'string', default: '', value: 'PATH' } },
  },
  'front-cost': {
    purpose:
      'Measures polls with an upstream that is not started, a first answer of the upstream, and 100,000 notifications.',
    builds: ['build'],
    run: 'test/bench/front-cost.mjs',
    options: { rounds: number('40'), upstream: { type: 'string', default: '', value: 'PATH' } },
  },
  snapshot: {
    purpose:
      'Reads with one CODEX_HOME from 20 processes at the same time: with a redemption, with a 429, and with kills of the process that reads for the others.',
    builds: ['build', 'build:types'],
    run: 'test/stress/snapshot',
    options: { seconds: number('30'), rounds: number('50'), seed: seed() },
  },
  line: {
    purpose:
      'Prints many prompts with codex-account-line in dash, bash and busybox, and their cost next to an empty node.',
    builds: ['build'],
    run: 'test/stress/line',
    options: { prompts: number('1000') },
  },
  ends: {
    purpose: 'Prints a table of how the server ends. The pattern is for "END, STATE".',
    builds: ['build', 'build:modules'],
    run: 'test/stress/ends/ends.mjs',
    options: { only: pattern() },
  },
  matrix: {
    purpose: `Runs the smoke suite, the installed package, damaged code caches, conformance and a cold poll on node ${versions.join(', ')}.`,
    builds: ['build', 'build:types', 'build:modules'],
    run: 'test/compat/matrix/matrix.mjs',
    options: {
      node: { type: 'string', multiple: true, default: versions, value: 'VERSION|PATH' },
      only: pattern(),
    },
  },
  windows: {
    purpose: 'Runs the tests on node for Windows, in Wine, and prints the failures with their reasons.',
    builds: ['build', 'build:types', 'build:modules'],
    run: 'test/compat/windows/windows.mjs',
    options: {
      node: { type: 'string', default: '24.21.0', value: 'VERSION' },
      folder: { type: 'string', multiple: true, value: 'PATH' },
      smoke: { type: 'boolean', default: false },
      codex: { type: 'string', value: 'VERSION' },
    },
  },
  drift: {
    purpose: 'Installs a version of codex and compares our types and methods with its own.',
    builds: ['build:modules'],
    run: 'test/compat/drift/drift.mjs',
    options: { version: { type: 'string', default: 'latest', value: 'VERSION' } },
  },
  clients: {
    purpose: 'Installs OpenClaw (0.5 GB from the npm registry), which reads the usage from our server.',
    builds: ['build'],
    run: 'test/compat/clients/openclaw.mjs',
    options: {},
  },
  pictures: {
    purpose: 'Draws the pictures of the README from the real output.',
    run: 'test/pictures',
    options: {},
  },
};

function number(usual) {
  return { type: 'string', default: usual, value: usual };
}

/** If it is not given, the tests take a seed from the clock and print it. */
function seed() {
  return { type: 'string', value: 'N' };
}

/** The only round to run. */
function round() {
  return { type: 'string', value: 'ROUND' };
}

function pattern() {
  return { type: 'string', default: '', value: 'REGEX' };
}

/** Reads the options of a tool. Ends the process for `--help` and for an option that the tool does not have. */
export function readToolOptions(name, words = process.argv.slice(2)) {
  return readOptions(usageOf(name), tools[name].options, words);
}

export function usageOf(name) {
  const options = Object.entries(tools[name].options).map(([option, { type, value }]) =>
    type === 'boolean' ? `[--${option}]` : `[--${option} ${value}]`,
  );
  return [`npm run lab -- ${name}`, ...options].join(' ');
}
