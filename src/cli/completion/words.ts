import { scenarioNames } from '../../dev-backend/account/scenarios.js';
import { presetNames } from '../usage/presets/names.js';

export interface CompletedOption {
  readonly name: string;
  /** A few words. They must not contain quotes. */
  readonly summary: string;
  /** The possible values. An empty list stands for any text; without a list the option takes no value. */
  readonly values?: readonly string[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  /** Words that may follow the command. */
  readonly words?: readonly string[];
  readonly options: readonly CompletedOption[];
}

const help: CompletedOption = { name: '--help', summary: 'show the help' };

/** The options of `codex-account-line`. */
export const lineOptions: readonly CompletedOption[] = [
  { name: '--max-age', summary: 'the greatest age of a line without a mark, in seconds', values: [] },
  { name: '--mark', summary: 'the mark of an older line', values: [] },
  help,
];

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** Every command with its options, for completion in a shell. A test compares them with the help texts. */
export const completedCommands: readonly CompletedCommand[] = [
  {
    name: 'usage',
    summary: 'show how much of the limits is used',
    options: [
      { name: '--json', summary: 'print JSON' },
      { name: '--format', summary: 'print one line with fields in braces', values: [] },
      { name: '--preset', summary: 'print for a status bar', values: presetNames },
      { name: '--install-help', summary: 'with --preset: print the lines for its configuration' },
      { name: '--exit-code', summary: 'with a line: exit with the code that says if use is allowed' },
      { name: '--left', summary: 'show what is left in place of what is used' },
      { name: '--limit', summary: 'the id or name of the only limit to show', values: [] },
      { name: '--bar-width', summary: 'the columns of a bar', values: [] },
      { name: '--low', summary: 'from how many percent left the level is low', values: [] },
      { name: '--critical', summary: 'the same for critical', values: [] },
      { name: '--max-age', summary: 'take a stored read of at most this age, in seconds', values: [] },
      { name: '--cached', summary: 'take a stored read, and send nothing' },
      { name: '--need', summary: 'say whether enough is left, such as 10080:20,tightest:5', values: [] },
      { name: '--fail-open', summary: 'with --need: unknown counts as enough' },
      { name: '--wait', summary: 'wait until use is allowed and enough is left' },
      { name: '--watch', summary: 'keep running and show every change' },
      { name: '--interval', summary: 'how often to read, in seconds', values: [] },
      { name: '--on', summary: 'with --watch: the events to report', values: [] },
      { name: '--print', summary: 'with --on: print the events as JSON lines' },
      { name: '--timeout', summary: 'give up after this time', values: [] },
      { name: '--tokens', summary: 'show the token activity of the account' },
      { name: '--keep-line', summary: 'also keep the line for codex-account-line', values: [] },
      { name: '--home', summary: 'a folder in place of CODEX_HOME', values: [] },
      { name: '--history', summary: 'show what reads have seen change' },
      help,
    ],
  },
  {
    name: 'redeem',
    summary: 'redeem a reset credit',
    options: [
      { name: '--credit', summary: 'the id of the credit', values: [] },
      { name: '--yes', summary: 'do not ask' },
      { name: '--force', summary: 'with --yes: redeem despite a warning' },
      { name: '--json', summary: 'print the result as JSON' },
      { name: '--history', summary: 'list past and open attempts' },
      { name: '--evidence', summary: 'show what was read around an attempt' },
      { name: '--abandon', summary: 'give up the open attempt', values: [] },
      { name: '--when', summary: 'redeem by itself, such as blocked or expiring:6h', values: [] },
      { name: '--keep', summary: 'with --when: how many credits always stay', values: [] },
      { name: '--min-gain', summary: 'with --when: the least time that it has to save', values: [] },
      { name: '--at-most', summary: 'with --when: how many in which time, such as 1/7d', values: [] },
      { name: '--consent', summary: 'with --when: agree to the rule, in its words', values: [] },
      { name: '--dry-run', summary: 'with --when: say what it would do now' },
      { name: '--rules', summary: 'list the rules that were agreed to' },
      { name: '--revoke', summary: 'end a rule, or all of them' },
      help,
    ],
  },
  {
    name: 'login',
    summary: 'sign in',
    words: ['status'],
    options: [
      { name: '--device-auth', summary: 'sign in with a code on any device' },
      { name: '--with-api-key', summary: 'store the API key from stdin' },
      { name: '--with-access-token', summary: 'store the personal access token from stdin' },
      { name: '--verbose', summary: 'with status: show the details if stdout is not a terminal, too' },
      { name: '--check', summary: 'with status: ask the backend if the login is valid' },
      { name: '--json', summary: 'with status: print JSON' },
      help,
    ],
  },
  { name: 'logout', summary: 'sign out', options: [help] },
  {
    name: 'app-server',
    summary: 'serve JSON-RPC on stdin and stdout',
    words: ['generate-ts', 'generate-json-schema'],
    options: [
      { name: '--config', summary: 'override a setting', values: [] },
      { name: '--read-only', summary: 'refuse all methods that change something' },
      { name: '--listen', summary: 'the transport', values: ['stdio://'] },
      { name: '--stdio', summary: 'the only transport' },
      { name: '--upstream', summary: 'the real codex, for all other methods', values: [] },
      help,
    ],
  },
  {
    name: 'dev-backend',
    summary: 'run an embedded backend to build clients against',
    options: [
      { name: '--port', summary: 'the port', values: [] },
      { name: '--scenario', summary: 'the state of the account', values: scenarioNames },
      { name: '--home', summary: 'use and keep this folder', values: [] },
      { name: '--account', summary: 'an account of its own', values: [] },
      { name: '--log', summary: 'write a line for each request' },
      help,
    ],
  },
  {
    name: 'demo',
    summary: 'read and redeem on an embedded backend',
    options: [{ name: '--raw', summary: 'show the lines of the protocol' }, help],
  },
  {
    name: 'shim',
    summary: 'put this program in place of codex',
    words: ['install', 'remove', 'status'],
    options: [
      { name: '--dir', summary: 'the folder of the shim', values: [] },
      { name: '--upstream', summary: 'with install: the real codex', values: [] },
      help,
    ],
  },
  { name: 'completion', summary: 'print the completion script of a shell', words: shells, options: [help] },
];
