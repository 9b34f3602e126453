import { scenarioNames } from '../dev-backend/scenarios.js';

export interface CompletedOption {
  readonly name: string;
  /** Few words, without quotes. */
  readonly summary: string;
  /** What may follow it: these words, or any text where there are none; left out: nothing does. */
  readonly values?: readonly string[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  /** What may follow besides options. */
  readonly words?: readonly string[];
  readonly options: readonly CompletedOption[];
}

export const shells = ['bash', 'zsh', 'fish'] as const;

const help: CompletedOption = { name: '--help', summary: 'say what it does' };

/** Every command with its options, as a shell completes them; a test compares it with the help texts. */
export const completedCommands: readonly CompletedCommand[] = [
  {
    name: 'usage',
    summary: 'how much of the limits is used',
    options: [
      { name: '--json', summary: 'the figures as JSON' },
      { name: '--format', summary: 'one line with fields in braces', values: [] },
      { name: '--watch', summary: 'stay and show every change' },
      { name: '--interval', summary: 'how often to read, in seconds', values: [] },
      help,
    ],
  },
  {
    name: 'redeem',
    summary: 'redeem a reset credit',
    options: [
      { name: '--credit', summary: 'which one, by its id', values: [] },
      { name: '--yes', summary: 'without asking' },
      { name: '--json', summary: 'what came of it as JSON' },
      { name: '--history', summary: 'past and open attempts' },
      help,
    ],
  },
  {
    name: 'login',
    summary: 'sign in',
    words: ['status'],
    options: [
      { name: '--device-auth', summary: 'with a code on any device' },
      { name: '--with-api-key', summary: 'store the API key on stdin' },
      help,
    ],
  },
  { name: 'logout', summary: 'sign out', options: [help] },
  {
    name: 'app-server',
    summary: 'serve JSON-RPC on stdin and stdout',
    options: [
      { name: '--config', summary: 'override a setting', values: [] },
      { name: '--read-only', summary: 'change nothing' },
      { name: '--listen', summary: 'the transport', values: ['stdio://'] },
      { name: '--stdio', summary: 'the only transport' },
      help,
    ],
  },
  {
    name: 'dev-backend',
    summary: 'an embedded backend to build clients against',
    options: [
      { name: '--port', summary: 'the port', values: [] },
      { name: '--scenario', summary: 'what the account is like', values: scenarioNames },
      help,
    ],
  },
  {
    name: 'demo',
    summary: 'a read and a redemption on an embedded backend',
    options: [{ name: '--raw', summary: 'show the lines of the protocol' }, help],
  },
  { name: 'completion', summary: 'completion for a shell', words: shells, options: [help] },
];
