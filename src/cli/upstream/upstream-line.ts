import { options, startupOptions } from '../start/server-options.js';
import { resemblesReadOnly } from '../start/read-only-flag.js';

/** A command line, and the program that runs it: this one, the real codex, or neither. */
export type UpstreamLine =
  | { readonly kind: 'ours'; readonly args: readonly string[] }
  | PassedOn
  | { readonly kind: 'refused'; readonly exitCode: 2; readonly message: string };

/** A command line for the real codex. */
export interface PassedOn {
  readonly kind: 'passOn';
  /** A path, or `auto`. */
  readonly upstream: string;
  /** The arguments without the option `--upstream`. */
  readonly args: readonly string[];
}

/** The commands of this program that stay its own. */
const ownWords: readonly (string | undefined)[] = [
  ...['usage', 'redeem', 'login', 'logout', 'demo', 'dev-backend', 'shim'],
];

/**
 * Decides who runs a command line. Without an upstream this program does.
 *
 * `--upstream` counts before the command, and behind `app-server`. Behind another command it belongs to codex.
 */
export function readUpstreamLine(args: readonly string[], env: NodeJS.ProcessEnv): UpstreamLine {
  const fromEnv = env.CODEX_ACCOUNT_SERVER_UPSTREAM || undefined;
  if (fromEnv === undefined && !args.some(isUpstreamOption)) return { kind: 'ours', args };
  const before = readOptions(args);
  if (before.isIncomplete) return needsValue;
  const [word, ...behind] = before.rest;
  if (word === 'app-server') return readServerLine(args, before, behind, fromEnv);
  const upstream = before.upstream ?? fromEnv;
  if (upstream === undefined) return { kind: 'ours', args };
  // With the upstream before the command, as the shim writes it, the user has typed `codex` and expects codex's texts.
  const isCalledCodex = before.upstream !== undefined;
  const line = [...before.kept, ...before.rest];
  const isOurs =
    before.kept.length === 0
      ? isOwnCommand(word, behind[0], isCalledCodex)
      : word === undefined && !isCalledCodex && before.kept.every(isHelp);
  return isOurs ? { kind: 'ours', args: line } : passedOn(upstream, line, before.kept);
}

function isOwnCommand(word: string | undefined, next: string | undefined, isCalledCodex: boolean): boolean {
  if (ownWords.includes(word)) return true;
  if (word === 'completion') return !isCalledCodex;
  if (word !== 'help') return false;
  return next === undefined
    ? !isCalledCodex
    : ownWords.includes(next) || isOwnCommand(next, '', isCalledCodex);
}

/** Passes on the words behind `app-server` that start no server, and servers that do not use stdin and stdout. */
function readServerLine(
  args: readonly string[],
  before: ReadOptions,
  behind: readonly string[],
  fromEnv: string | undefined,
): UpstreamLine {
  const own = readOptions(behind);
  if (own.isIncomplete) return needsValue;
  const named = own.upstream ?? before.upstream;
  const upstream = named ?? fromEnv;
  const isText =
    own.kept.some(isHelp) || ['help', 'generate-ts', 'generate-json-schema'].includes(own.rest[0] ?? '');
  const isOurs = isText
    ? named === undefined
    : (own.rest.length === 0 || own.endsUnknown) &&
      [before, own].every((read) => listensOnStdio(read) && !read.kept.some(isStartupOption));
  if (upstream !== undefined && !isOurs) {
    const kept = [...before.kept, ...own.kept];
    return passedOn(upstream, [...before.kept, 'app-server', ...own.kept, ...own.rest], kept);
  }
  return { kind: 'ours', args };
}

function listensOnStdio({ kept }: ReadOptions): boolean {
  const values = kept.flatMap((arg, index) =>
    arg === '--listen'
      ? [kept[index + 1]]
      : arg.startsWith('--listen=')
        ? [arg.slice('--listen='.length)]
        : [],
  );
  return values.every((value) => value === 'stdio://' || value === 'off' || value === undefined);
}

function isStartupOption(arg: string): boolean {
  return startupOptions.some((name) => arg === `--${name}` || arg.startsWith(`--${name}=`));
}

function passedOn(upstream: string, args: readonly string[], own: readonly string[]): UpstreamLine {
  const isReadOnly = own.some((arg, index) => resemblesReadOnly(arg) && !takesValue(own[index - 1] ?? ''));
  return isReadOnly
    ? refused('with --read-only no other program is started; leave out --read-only or the upstream')
    : { kind: 'passOn', upstream, args };
}

interface ReadOptions {
  /** The last value of `--upstream`. */
  readonly upstream: string | undefined;
  readonly isIncomplete: boolean;
  /** The other options, with their values. */
  readonly kept: readonly string[];
  /** The first word and everything behind it. */
  readonly rest: readonly string[];
  /** Whether the last option is unknown, so that the first word may be its value. */
  readonly endsUnknown: boolean;
}

/** Reads the options up to the first word. `--` counts as a word, as does `-`. */
function readOptions(args: readonly string[]): ReadOptions {
  const kept: string[] = [];
  let upstream: string | undefined;
  let endsUnknown = false;
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (!/^-(?!-?$)/s.test(arg)) break;
    if (isUpstreamOption(arg)) {
      upstream = arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[(index += 1)];
      if (!upstream) return { upstream, kept, rest: [], isIncomplete: true, endsUnknown: false };
    } else {
      kept.push(arg);
      endsUnknown = !isKnown(arg);
      if (takesValue(arg) && index + 1 < args.length) kept.push(args[(index += 1)] ?? '');
    }
  }
  return { upstream, kept, rest: args.slice(index), isIncomplete: false, endsUnknown };
}

function isUpstreamOption(arg: string): boolean {
  return arg === '--upstream' || arg.startsWith('--upstream=');
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h';
}

/** Returns whether the next argument is the value of this option. */
function takesValue(arg: string): boolean {
  return optionAt(arg)?.type === 'string' && !arg.includes('=') && (arg.startsWith('--') || arg.length === 2);
}

function isKnown(arg: string): boolean {
  return optionAt(arg) !== undefined;
}

function optionAt(arg: string): { readonly type: string } | undefined {
  const name = /^--([^=]+)/.exec(arg)?.[1];
  return Object.entries(options).find(([long, option]) =>
    name === undefined ? 'short' in option && option.short === arg[1] : long === name,
  )?.[1];
}

function refused(message: string): UpstreamLine {
  return { kind: 'refused', exitCode: 2, message };
}

const needsValue = refused('--upstream needs a value: the path of the real codex, or auto');
