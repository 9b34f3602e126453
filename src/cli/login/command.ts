import { parseArgs } from 'node:util';
import { RequestError } from '../../client/library.js';
import { CodexHomeError } from '../../config/codex-home.js';
import { isOfAdministrator } from '../../config/layers/layers.js';
import { codexHomeOf } from '../environment.js';
import type { LoginIo } from '../io.js';
import type { StatusChoice } from './status/choice.js';
import { showLoginStatus } from './status/command.js';
import { safeLine } from '../../util/text/safe-text.js';
import { settingsAt } from './settings.js';
import { signInWithChatgpt } from './sign-in.js';
import { signInWithAccessToken, signInWithKey } from './with-secret.js';
import { printAll } from '../terminal/print.js';
import { unexpectedArgument, wrongUse } from '../wrong-use.js';

const helpText = `Usage: codex-account-server login                 sign in with the browser
       codex-account-server login --device-auth   sign in on another device
       codex-account-server login --with-api-key  store the API key from stdin
       codex-account-server login --with-access-token
                                                  store the personal access
                                                  token (at-...) from stdin
       codex-account-server login status [--verbose] [--check] [--json]
                                                  show how you are signed in

Messages go to stderr. On a terminal, and with --verbose, login status also
prints the details on stdout: account, e-mail address, plan, where the login
is stored, and until when the access token is valid. It asks nobody, except
for a personal access token.

  --check    ask the backend whether the login is still valid
  --json     print the details as JSON, in place of all other text (version 1,
             schema/json/LoginStatusReport.json)

Exit codes: 0 signed in; 1 not signed in, no longer valid, or an error;
2 wrong usage; 4 with --check: not known whether the login is still valid.
`;

type Way = 'chatgpt' | 'chatgptDeviceCode' | 'apiKey' | 'accessToken';
type Choice = Way | StatusChoice | 'help';

/** Signs in, or shows how the user is signed in, with the texts of codex if it has one. Resolves with the exit code. */
export async function runLogin(args: readonly string[], io: LoginIo): Promise<number> {
  let choice: Choice;
  try {
    choice = readChoice(args);
  } catch (error) {
    if (error instanceof TwoSecretsError) {
      io.stderr.write(`${error.message}\n`);
      return 1;
    }
    io.stderr.write(wrongUse('login', error));
    return 2;
  }
  if (choice === 'help') return printAll('login', helpText, io);
  return typeof choice === 'string' ? signIn(choice, io) : showLoginStatus(choice, io);
}

/** An error for two options that both read stdin. Codex exits with 1 for it. */
class TwoSecretsError extends Error {
  constructor() {
    super('Choose one login credential source: --with-api-key or --with-access-token.');
  }
}

/** @throws Error whose message says what is wrong */
function readChoice(args: readonly string[]): Choice {
  const options = {
    'device-auth': { type: 'boolean' },
    'with-api-key': { type: 'boolean' },
    'with-access-token': { type: 'boolean' },
    verbose: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) return 'help';
  if (positionals.some((word, index) => word !== 'status' || index > 0)) {
    if (values['with-api-key']) throw new Error('the key comes on stdin, not as an argument');
    if (values['with-access-token']) throw new Error('the token comes on stdin, not as an argument');
    throw unexpectedArgument(positionals.find((word, index) => word !== 'status' || index > 0) ?? '');
  }
  if (values['with-api-key'] && values['with-access-token']) throw new TwoSecretsError();
  const { verbose: isVerbose, check: isChecking, json: isJson } = values;
  const wanted: [word: string, Choice][] = [];
  if (positionals.length > 0) wanted.push(['status', { isVerbose, isChecking, isJson }]);
  else if (isVerbose) throw new Error('--verbose is for login status');
  else if (isChecking) throw new Error('--check is for login status');
  else if (isJson) throw new Error('--json is for login status');
  if (values['device-auth']) wanted.push(['--device-auth', 'chatgptDeviceCode']);
  if (values['with-api-key']) wanted.push(['--with-api-key', 'apiKey']);
  if (values['with-access-token']) wanted.push(['--with-access-token', 'accessToken']);
  if (wanted.length > 1) throw new Error(`${wanted.map(([word]) => word).join(' and ')} exclude each other`);
  return wanted[0]?.[1] ?? 'chatgpt';
}

async function signIn(way: Way, io: LoginIo): Promise<number> {
  const writeLine = (line: string): void => {
    io.stderr.write(`${line}\n`);
  };
  try {
    // Checked here, so that the server does not report an unusable CODEX_HOME a second time.
    const codexHome = codexHomeOf(io.env);
    const settings = await settingsAt(codexHome);
    if (settings.values.cli_auth_credentials_store === 'ephemeral') {
      const origin = settings.origins.get('cli_auth_credentials_store');
      const file = origin && isOfAdministrator(origin) ? origin.file : 'config.toml';
      writeLine(
        `Error: a login cannot be stored, as ${file} sets cli_auth_credentials_store to "ephemeral"; set it to "file", "keyring" or "auto"`,
      );
      return 1;
    }
    if (way === 'apiKey') return await signInWithKey(io, writeLine);
    if (way === 'accessToken') return await signInWithAccessToken(io, writeLine);
    if ((await signInWithChatgpt(way, { ...io, writeLine })) === 'cancelled') {
      writeLine('Login cancelled. Nothing was changed.');
      return 1;
    }
    writeLine('Successfully logged in');
    return 0;
  } catch (error) {
    const what = error instanceof CodexHomeError ? 'Error' : failures[way];
    writeLine(`${what}: ${safeLine(reasonOf(error as Error))}`);
    return 1;
  }
}

function reasonOf(error: Error): string {
  const explanation = error instanceof RequestError ? error.details.explanation : undefined;
  return explanation === undefined ? error.message : `${error.message}: ${explanation}`;
}

const failures = {
  chatgpt: 'Error logging in',
  chatgptDeviceCode: 'Error logging in with device code',
  apiKey: 'Error logging in',
  accessToken: 'Error logging in with access token',
} as const;
