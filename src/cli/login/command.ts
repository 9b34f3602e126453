import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { RequestError } from '../../client/library.js';
import { CodexHomeError } from '../../config/codex-home.js';
import { isOfAdministrator } from '../../config/layers.js';
import { serverIdentity } from '../environment.js';
import type { LoginIo } from '../io.js';
import { showLoginStatus } from './status.js';
import { safeLine } from '../../util/safe-text.js';
import { settingsAt } from './settings.js';
import { signInWithChatgpt, signInWithKey } from './sign-in.js';
import { printAll } from '../terminal/print.js';
import { wrongUse } from '../terminal/wrong-use.js';

const helpText = `Usage: codex-account-server login                  sign in with the browser
       codex-account-server login --device-auth    sign in on another device
       codex-account-server login --with-api-key   store the API key from stdin
       codex-account-server login status           show how you are signed in

All messages go to stderr.

Exit codes: 0 signed in; 1 not signed in, or an error; 2 wrong usage.
`;

type Choice = 'chatgpt' | 'chatgptDeviceCode' | 'apiKey' | 'status' | 'help';

/** Signs in, or shows how the user is signed in, with the texts of codex if it has one. Resolves with the exit code. */
export async function runLogin(args: readonly string[], io: LoginIo): Promise<number> {
  let choice: Choice;
  try {
    choice = readChoice(args);
  } catch (error) {
    io.stderr.write(wrongUse('login', error));
    return 2;
  }
  switch (choice) {
    case 'help':
      return printAll('login', helpText, io);
    case 'status':
      return showLoginStatus(io);
    default:
      return signIn(choice, io);
  }
}

/** @throws Error whose message says what is wrong */
function readChoice(args: readonly string[]): Choice {
  const options = {
    'device-auth': { type: 'boolean' },
    'with-api-key': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) return 'help';
  if (positionals.some((word, index) => word !== 'status' || index > 0)) {
    throw new Error(
      values['with-api-key'] ? 'the key comes on stdin, not as an argument' : 'Unexpected argument',
    );
  }
  const wanted: [word: string, Choice][] = [];
  if (positionals.length > 0) wanted.push(['status', 'status']);
  if (values['device-auth']) wanted.push(['--device-auth', 'chatgptDeviceCode']);
  if (values['with-api-key']) wanted.push(['--with-api-key', 'apiKey']);
  if (wanted.length > 1) throw new Error(`${wanted.map(([word]) => word).join(' and ')} exclude each other`);
  return wanted[0]?.[1] ?? 'chatgpt';
}

async function signIn(choice: 'chatgpt' | 'chatgptDeviceCode' | 'apiKey', io: LoginIo): Promise<number> {
  const writeLine = (line: string): void => {
    io.stderr.write(`${line}\n`);
  };
  try {
    // Checked here, so that the server does not report an unusable CODEX_HOME a second time.
    const { codexHome } = serverIdentity(io.env);
    const settings = await settingsAt(codexHome);
    if (settings.values.cli_auth_credentials_store === 'ephemeral') {
      const origin = settings.origins.get('cli_auth_credentials_store');
      const file = origin && isOfAdministrator(origin) ? origin.file : 'config.toml';
      writeLine(
        `Error: a login cannot be stored, as ${file} sets cli_auth_credentials_store to "ephemeral"; set it to "file", "keyring" or "auto"`,
      );
      return 1;
    }
    if (choice === 'apiKey') {
      const key = await readKey(io.stdin, writeLine);
      if (key === null) return 1;
      await signInWithKey(key, io.serverEnv);
    } else if ((await signInWithChatgpt(choice, { ...io, writeLine })) === 'cancelled') {
      writeLine('Login cancelled. Nothing was changed.');
      return 1;
    }
    writeLine('Successfully logged in');
    return 0;
  } catch (error) {
    const what = error instanceof CodexHomeError ? 'Error' : failures[choice];
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
} as const;

/** Reads the API key from stdin, without the end of its line. Resolves with null, after a message, if there is none. */
async function readKey(stdin: LoginIo['stdin'], writeLine: (line: string) => void): Promise<string | null> {
  if (stdin.isTTY) {
    // A typed key would stay on the screen, and one on the command line in the shell's history.
    writeLine(
      '--with-api-key expects the API key on stdin. Try piping it, e.g. `printenv OPENAI_API_KEY | codex-account-server login --with-api-key`.',
    );
    return null;
  }
  writeLine('Reading API key from stdin...');
  const key = (await buffer(stdin)).toString('utf8').replace(/\r?\n$/, '');
  if (key !== '') return key;
  writeLine('No API key provided via stdin.');
  return null;
}
