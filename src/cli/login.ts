import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { CodexHomeError } from '../config/codex-home.js';
import { serverIdentity } from './environment.js';
import { showLoginStatus } from './login-status.js';
import { withOwnServer } from './own-server.js';
import { safeLine } from './plain-text.js';
import { readKey } from './read-key.js';
import { settingsAt } from './stored-login.js';
import { signInWithChatgpt, signInWithKey } from './sign-in.js';
import { printAll } from './print.js';
import { wrongUse } from './wrong-use.js';

const usage = `Usage: codex-account-server login                  sign in with ChatGPT in the browser
       codex-account-server login --device-auth    the same with a code, on any device
       codex-account-server login --with-api-key   store the API key that comes on stdin
       codex-account-server login status           say how one is signed in

All texts go to stderr. Exit codes: 0 done, or signed in; 1 not done, or not signed in;
2 wrong use.
`;

export interface LoginIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: NodeJS.ProcessEnv;
  /** Resolves when the person or the system asks the process to stop. */
  readonly untilStopped: () => Promise<void>;
}

type Choice = 'chatgpt' | 'chatgptDeviceCode' | 'apiKey' | 'status' | 'help';

/** Signs in, or says how one is signed in, with the texts of codex where it has them. Resolves with the exit code. */
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
      return printAll('login', usage, io);
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
  const say = (line: string): void => {
    io.stderr.write(`${line}\n`);
  };
  try {
    // An unusable CODEX_HOME is told once, and not by the server.
    const { codexHome } = serverIdentity(io.env);
    if ((await settingsAt(codexHome)).cli_auth_credentials_store === 'ephemeral') {
      say('Error: with cli_auth_credentials_store = "ephemeral" a login ends with the process that made it');
      return 1;
    }
    const key = choice === 'apiKey' ? await readKey(io.stdin, say) : undefined;
    if (key === null) return 1;
    const end = await withOwnServer(io.env, (connection) =>
      choice === 'apiKey'
        ? signInWithKey(connection, key ?? '')
        : signInWithChatgpt(connection, choice, { ...io, say }),
    );
    say(end === 'done' ? 'Successfully logged in' : 'Login given up; nothing was changed');
    return end === 'done' ? 0 : 1;
  } catch (error) {
    const what = error instanceof CodexHomeError ? 'Error' : failures[choice];
    say(`${what}: ${safeLine((error as Error).message)}`);
    return 1;
  }
}

const failures = {
  chatgpt: 'Error logging in',
  chatgptDeviceCode: 'Error logging in with device code',
  apiKey: 'Error logging in',
} as const;
