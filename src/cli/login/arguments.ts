import { parseArgs } from 'node:util';

export const loginHelp = `Usage: codex-account-server login                  sign in with the browser
       codex-account-server login --device-auth    sign in on another device
       codex-account-server login --with-api-key   store the API key from stdin
       codex-account-server login status           show how you are signed in

All messages go to stderr.

Exit codes: 0 signed in; 1 not signed in, or an error; 2 wrong usage.
`;

export type LoginChoice = 'chatgpt' | 'chatgptDeviceCode' | 'apiKey' | 'status' | 'help';

/** Reads the arguments of `login`. @throws Error whose message says what is wrong */
export function readLoginArguments(args: readonly string[]): LoginChoice {
  // Without `parseArgs`, which takes a millisecond to load.
  if (args.length === 1 && args[0] === 'status') return 'status';
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
  const wanted: [word: string, LoginChoice][] = [];
  if (positionals.length > 0) wanted.push(['status', 'status']);
  if (values['device-auth']) wanted.push(['--device-auth', 'chatgptDeviceCode']);
  if (values['with-api-key']) wanted.push(['--with-api-key', 'apiKey']);
  if (wanted.length > 1) throw new Error(`${wanted.map(([word]) => word).join(' and ')} exclude each other`);
  return wanted[0]?.[1] ?? 'chatgpt';
}
