import { writeLogin } from '../codex-home.mjs';
import { leaving, leavingEach } from '../leaving.mjs';
import { readLimits } from '../methods.mjs';

/** The arguments of real clients before and after `app-server`. */
const commandLines = [
  [[], []],
  [[], ['--stdio']],
  [[], ['--listen', 'stdio://']],
  [[], ['--strict-config', '--listen=stdio://']],
  [['-s', 'read-only', '-a', 'never'], []],
  [['-s', 'read-only', '-a', 'on-request'], []],
  [['-c', 'features.plugins=false'], []],
  [
    [],
    [
      '-c',
      'approval_policy="never"',
      '-c',
      'sandbox_mode="danger-full-access"',
      '-c',
      'features.memories=true',
    ],
  ],
  [
    [
      '--sandbox',
      'read-only',
      '--ask-for-approval',
      'never',
      '-m',
      'gpt-5',
      '-C',
      '/',
      '--search',
      '-cmodel=x',
    ],
    ['--config=model="y"', '--config', 'a.b=1', '-c', 'model=[1', '-c', 'model=x=y'],
  ],
];

/** Arguments that clients pass or might pass, and codex refuses. */
const refusedThere = [
  [['-s', 'read-only', '-a', 'untrusted'], []],
  [
    ['-p', 'work', '--enable', 'no_such_feature', '--disable', 'other'],
    ['--stdio', '--stdio', '--version', '-s', 'read-only'],
  ],
  [['--no-such-flag'], ['--other=1', 'word']],
];

const serving = ([before, after], isTakenThere) => ({
  name: `serves: ${[...before, 'app-server', ...after].join(' ')}`,
  promise: 'Arguments: The server takes the arguments that clients send to codex',
  login: 'none',
  run: async ({ start }) => {
    const { stderr, ...seen } = await serves(start, { before, after });
    return isTakenThere ? seen : { ...seen, hasWarned: stderr !== '' };
  },
});

/** Returns whether it serves with these arguments, and its stderr. */
async function serves(start, options) {
  const server = start(options);
  const { platformFamily } = await server.initialize();
  const { requiresOpenaiAuth } = await server.ask('getAuthStatus', {});
  await server.end();
  return { platformFamily, requiresOpenaiAuth, stderr: server.stderr() };
}

/** Returns the line about the login on stderr; codex prints other lines before and after it. */
const loginLine = (server) =>
  /^(API key configured - |(?:Logged|Not logged) in.*)/m.exec(server.stderr())?.[1];

export default [
  ...commandLines.map((words) => serving(words, true)),
  ...refusedThere.map((words) => ({ ...serving(words, false), departure: 'D11' })),
  {
    name: '-c overrides config.toml, the last one counts, and its value is TOML or plain text',
    promise: [
      'Arguments: The value of `-c` is TOML, or plain text if it is not valid TOML.',
      'Layers: If two set the same key, the stronger one counts.',
      '-c key=value: the last value of a key counts',
    ],
    run: async ({ start, backend }) => {
      const base = (path) => `chatgpt_base_url=${backend.url}${path}`;
      const quoted = `chatgpt_base_url="${backend.url}/quoted"`;
      const ways = [
        { after: ['-c', quoted] },
        { before: ['-c', base('/before')], after: [`-c${base('/after')}`] },
        { after: [`--config=${base('/one')}`, '-c', base('/two')] },
      ];
      for (const way of ways) {
        const server = start(way);
        await server.initialize();
        await server.ask(readLimits, { excludeResetCreditDetails: true });
      }
      return backend.requests.map(({ path }) => path);
    },
  },
  {
    name: 'exit code 1: an unusable -c value, and --listen off',
    promise: [
      'Exit codes: a value of the wrong type',
      '-c key=value: an argument without `=` or without a key',
    ],
    run: ({ start }) =>
      leavingEach(start, [
        ['-c', 'foo'],
        ['-c', '=x'],
        ['-c', 'cli_auth_credentials_store="nope"'],
        ['--listen', 'off'],
      ]),
  },
  {
    name: 'exit code 2: a missing value, and another transport',
    promise: 'Exit codes: `-c` or `--listen` without a value, another transport',
    run: ({ start }) =>
      leavingEach(start, [['-c'], ['--listen'], ['--listen', 'stdio'], ['--listen', 'STDIO://']]),
  },
  {
    name: 'exit code 2: an unknown command, wrong use of login, and websockets',
    promise: 'Exit codes: an unknown command',
    departure: 'D11',
    run: async ({ start }) => ({
      unknown: await leaving(start, { words: ['no-such-command'] }),
      websocket: await leaving(start, { after: ['--listen', 'ws://127.0.0.1:0'] }),
      login: await leaving(start, { words: ['login', 'status', 'more'] }),
    }),
  },
  {
    name: '--version prints the Codex version that is served',
    promise: 'Arguments: prints the Codex version that is served',
    run: async ({ start }) => {
      const printed = async (...words) => {
        const server = start({ words });
        const { code } = await server.end();
        return { code, stdout: server.messages.map(({ raw }) => raw) };
      };
      return [await printed('--version'), await printed('-V')];
    },
  },
  {
    name: '--help prints the usage',
    promise: 'Arguments: prints the usage',
    run: async ({ start }) => {
      const printed = async (options) => {
        const server = start(options);
        const { code } = await server.end();
        return { code, hasUsage: server.messages.some(({ raw }) => raw.startsWith('Usage: ')) };
      };
      const ways = [
        { words: ['--help'] },
        { words: ['-h'] },
        { after: ['--help'] },
        { words: ['help', 'app-server'] },
      ];
      return Promise.all(ways.map(printed));
    },
  },
  {
    name: 'login status prints the kind of login on stderr',
    promise: 'Who is signed in: `codex-account-server login status` prints how one is signed in.',
    run: async ({ start, directory, home }) => {
      const status = async (env) => {
        const server = start({ words: ['login', 'status'], env });
        const { code } = await server.end();
        return { code, stdout: server.messages.length, text: loginLine(server) };
      };
      const chatgpt = await status();
      writeLogin(home, 'apiKey');
      const apiKey = await status();
      writeLogin(home, 'none');
      const missing = await status({ CODEX_HOME: `${directory}/missing` });
      return { chatgpt, apiKey, none: await status(), missing: [missing.code, missing.stdout] };
    },
  },
  {
    name: 'login status says why auth.json cannot be used, and names it',
    promise: 'Who is signed in: `codex-account-server login status` prints how one is signed in.',
    departure: 'D21',
    login: '{',
    run: async ({ start }) => {
      const server = start({ words: ['login', 'status'] });
      const { code } = await server.end();
      return { code, stderr: /^Error checking login status: .*$/m.exec(server.stderr())?.[0] };
    },
  },
  {
    name: 'CODEX_HOME and PATH are the only variables needed, and TERM may be dumb',
    promise: 'Starting the server: The command needs no other environment than `PATH` and a home directory.',
    run: async ({ start }) => {
      const answers = [start({ env: { HOME: undefined } }), start({ env: { TERM: 'dumb' } })];
      return Promise.all(answers.map((server) => server.initialize()));
    },
  },
  {
    name: 'nothing is printed on stderr without a problem',
    promise: 'Logging: nothing is printed while all goes well',
    departure: 'P',
    reason: 'a warning about PATH aliases, and log lines with colours',
    run: async ({ open }) => {
      const server = await open();
      await server.ask(readLimits);
      await server.probe('no JSON\n');
      await server.end();
      return server.stderr();
    },
  },
];
