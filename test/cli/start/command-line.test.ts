import { expect, test } from 'vitest';
import { readCommandLine } from '../../../src/cli/start/command-line.js';

/** Splits a line into arguments at its spaces. */
function read(line: string): ReturnType<typeof readCommandLine> {
  return readCommandLine(line === '' ? [] : line.split(' '));
}

test.each([
  // The command lines of known clients.
  'app-server',
  'app-server --stdio',
  'app-server --listen stdio://',
  'app-server --strict-config',
  '-s read-only -a never app-server',
  '-s read-only -a untrusted app-server',
  '-s read-only -a on-request app-server',
  // Other command lines that start the server.
  '',
  'app-server --listen=stdio://',
  'app-server --',
  'app-server --analytics-default-enabled',
  '-m gpt -C /tmp --search --oss --yolo --no-alt-screen app-server',
  '--sandbox read-only --ask-for-approval untrusted --model gpt --cd /tmp app-server',
  '-p work app-server',
  '--profile work app-server',
  '--enable x --disable y app-server',
  'app-server --enable x --disable=y',
  'app-server -s read-only',
  // D11: an option may be repeated.
  'app-server --stdio --stdio',
  'app-server --stdio --listen stdio://',
])('"%s" serves without a warning', (line) => {
  expect(read(line)).toEqual({ kind: 'appServer', overrides: [], warnings: [], isReadOnly: false });
});

test.each([
  ['-c features.plugins=false app-server', ['features.plugins=false']],
  [
    'app-server -c approval_policy="never" -c sandbox_mode="danger-full-access" -c features.memories=true',
    ['approval_policy="never"', 'sandbox_mode="danger-full-access"', 'features.memories=true'],
  ],
  ['-ck=v app-server', ['k=v']],
  ['-c=k=v app-server', ['k=v']],
  ['--config k=v app-server', ['k=v']],
  ['--config=k=v app-server', ['k=v']],
  ['-c k=1 app-server -c k=2', ['k=1', 'k=2']],
  ['app-server -c k=a=b', ['k=a=b']],
  ['app-server -c foo', ['foo']],
])('"%s" serves with its settings', (line, overrides) => {
  expect(read(line)).toEqual({ kind: 'appServer', overrides, warnings: [], isReadOnly: false });
});

test('an empty setting is passed on, and refused later', () => {
  expect(readCommandLine(['-c', '', 'app-server'])).toEqual({
    kind: 'appServer',
    overrides: [''],
    warnings: [],
    isReadOnly: false,
  });
});

test.each([
  ['app-server --nope', ['ignoring the unknown option --nope']],
  ['--nope=5 app-server', ['ignoring the unknown option --nope']],
  ['--nope 5 app-server', ['ignoring the unknown option --nope', 'ignoring argument 2']],
  ['app-server -x', ['ignoring the unknown option -x']],
  ['app-server --nope=5 6', ['ignoring the unknown option --nope', 'ignoring argument 3']],
  ['app-server --nope 5', ['ignoring the unknown option --nope', 'ignoring argument 3']],
])('"%s" serves with a warning', (line, warnings) => {
  expect(read(line)).toEqual({ kind: 'appServer', overrides: [], warnings, isReadOnly: false });
});

test.each(['--read-only app-server', 'app-server --read-only', '--read-only'])(
  '"%s" serves and changes nothing',
  (line) => {
    expect(read(line)).toEqual({ kind: 'appServer', overrides: [], warnings: [], isReadOnly: true });
  },
);

test('"app-server --version" serves', () => {
  expect(read('app-server --version').kind).toBe('appServer');
});

test.each([
  ['--version', 'version'],
  ['-V', 'version'],
  ['--help', 'help'],
  ['-h', 'help'],
  ['help', 'help'],
  ['help app-server', 'help'],
  ['help --all', 'help'],
  ['help app-server --all', 'help'],
  ['help app-server generate-ts', 'help'],
  ['app-server --help', 'help'],
  ['app-server -h', 'help'],
  ['app-server help', 'help'],
  ['app-server --stdio help', 'help'],
])('"%s" asks for %s', (line, kind) => {
  expect(read(line)).toEqual({ kind });
});

test.each([
  ['app-server generate-ts --out DIR', 'generate-ts', ['--out', 'DIR']],
  ['-c a=b app-server --stdio generate-json-schema', 'generate-json-schema', []],
  ['app-server help generate-ts', 'generate-ts', ['--help']],
])('"%s" writes types', (line, command, args) => {
  expect(read(line)).toEqual({ kind: 'generate', command, args });
});

test.each([
  ['-c', '-c needs a value'],
  ['app-server --config', '--config needs a value'],
  ['app-server --listen', '--listen needs a value'],
  ['app-server --listen stdio', '--listen takes stdio:// only, not "stdio"'],
  ['app-server --listen STDIO://', '--listen takes stdio:// only, not "STDIO://"'],
  ['app-server --listen ws://127.0.0.1:1', '--listen takes stdio:// only, not "ws://127.0.0.1:1"'],
  ['app-server --listen=', '--listen takes stdio:// only, not ""'],
  ['-c a=b usage', 'usage must come first and takes no options of the server; see --help'],
  ['--with-api-key sk-1', 'unknown command; see --help'],
  ['exec', 'unknown command "exec"; see --help'],
  ['usgae', 'unknown command "usgae"; did you mean usage? See --help'],
  ['help usgae', 'unknown command; did you mean usage? See --help'],
  ['help sk-1', 'unknown command; see --help'],
  ['app-server extra', 'unknown word behind app-server; see --help'],
  ['app-server --stdio sk-1', 'unknown word behind app-server; see --help'],
  ['app-server -- extra', 'unknown word behind app-server; see --help'],
  ['app-server help extra', 'unknown word behind app-server; see --help'],
  ['app-server generate-tss', 'unknown word behind app-server; did you mean generate-ts? See --help'],
  ...['--print-startup-config', '--startup-sign-out', '--startup-client-info'].map((option) => [
    `app-server ${option} {}`,
    `${option} does not exist here: this server does not know all of codex's configuration`,
  ]),
  ...['proxy', 'daemon'].map((word) => [
    `app-server ${word} --sock x`,
    `app-server ${word} does not exist here: this server speaks only on stdin and stdout`,
  ]),
])('"%s" is wrong usage', (line, message) => {
  expect(read(line)).toEqual({ kind: 'refused', exitCode: 2, message });
});

test('"--listen off" leaves nothing to do', () => {
  expect(read('app-server --listen off')).toEqual({
    kind: 'refused',
    exitCode: 1,
    message: 'no transport is left with --listen off',
  });
});

test.each([
  ['login status', 'login', ['status']],
  ['demo --raw', 'demo', ['--raw']],
  ['dev-backend --port 5', 'devBackend', ['--port', '5']],
])('"%s" is a terminal command', (line, kind, args) => {
  expect(read(line)).toEqual({ kind, args });
});

test.each([
  'app-server --readonly',
  '--Read-Only app-server',
  'app-server --READ_ONLY',
  'app-server --read-only=true',
  '--read-only=false app-server',
  'app-server --read-only=',
  'app-server --read.only',
  'app-server -read-only',
  'app-server \u2014read-only',
  'app-server --read-ony',
  'app-server --raed-only',
  'app-server --read-onlyy',
  'app-server --read',
  'app-server --no-read-only',
  'app-server --read-only-mode',
  'app-server --read-only --readonly',
  'app-server -- --read-only',
  'app-server -- --readonly',
  'app-server -c --read-only',
  '-c --read-only app-server',
  '--config=--read-only app-server',
  '-c--read-only app-server',
  '--listen --read-only',
  '-s --read-only app-server',
  '-m --read-only app-server',
  '--sandbox=--read-only app-server',
  '--stdio=--read-only',
  '--nope=--read-only app-server',
  'app-server read-only',
  '--stdio read-only app-server',
])('"%s" starts no server', (line) => {
  const message =
    '--read-only must be an argument of its own, written like this and before any --; the server was not started';
  expect(read(line)).toEqual({ kind: 'refused', exitCode: 2, message });
});

test.each([' --read-only', '\t--read-only', '\u00a0--readonly', '\ufeff\u200b--read-only'])(
  'the value %j of another option starts no server',
  (value) => expect(readCommandLine(['-m', value, 'app-server'])).toMatchObject({ kind: 'refused' }),
);

test.each([
  '-sread-only app-server',
  '--sandbox=read-only app-server',
  '-c sandbox_mode="read-only" app-server',
])('"%s" is about the sandbox of codex', (line) =>
  expect(read(line)).toMatchObject({ kind: 'appServer', warnings: [], isReadOnly: false }),
);

test('the value of an unknown option may be read-only', () => {
  expect(read('--nope read-only app-server')).toMatchObject({
    kind: 'appServer',
    warnings: ['ignoring the unknown option --nope', 'ignoring argument 2'],
  });
});
