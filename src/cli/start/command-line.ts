import { parseArgs } from 'node:util';
import { nearestWord } from '../../util/text/edit-distance.js';
import { options, startupOptions, valueOptions } from './server-options.js';
import { configText, upstreamArgs } from './upstream-args.js';
import { isReadOnlyWord, readOnlyFlag, resemblesReadOnly } from './read-only-flag.js';

/** The parsed command line. */
export type CommandLine =
  | {
      readonly kind: 'appServer';
      /** The `key=value` texts of `-c`, in their order. */
      readonly overrides: readonly string[];
      /** Texts about arguments that are unknown and ignored. */
      readonly warnings: readonly string[];
      readonly isReadOnly: boolean;
      /** The value of `--upstream`. */
      readonly upstream?: string | undefined;
    }
  | {
      readonly kind: 'devBackend' | 'demo' | 'login' | 'logout' | 'usage' | 'redeem' | 'shim';
      readonly args: readonly string[];
    }
  | { readonly kind: 'completion'; readonly args: readonly string[] }
  | {
      readonly kind: 'generate';
      readonly command: GenerateCommand;
      readonly args: readonly string[];
    }
  | { readonly kind: 'version' }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly exitCode: 1 | 2; readonly message: string };

/** The words behind `app-server` that write the types of the protocol. */
export type GenerateCommand = 'generate-ts' | 'generate-json-schema';
const generateCommands: readonly string[] = ['generate-ts', 'generate-json-schema'];

/** The arguments of the server. */
export type ServerCommand = Omit<Extract<CommandLine, { kind: 'appServer' }>, 'kind'>;

/** The terminal commands. They must be the first argument and are strict; any other command line starts the server. */
const terminalCommands = new Map([
  ['dev-backend', 'devBackend'],
  ['demo', 'demo'],
  ['login', 'login'],
  ['logout', 'logout'],
  ['usage', 'usage'],
  ['redeem', 'redeem'],
  ['completion', 'completion'],
  ['shim', 'shim'],
] as const);

const usualServer = { kind: 'appServer', overrides: [], warnings: [], isReadOnly: false } as const;

/** Command lines of one word that need no `parseArgs`, which takes a millisecond to load. */
const usualLines = new Map<string, CommandLine>([
  ['app-server', usualServer],
  ['--version', { kind: 'version' }],
  ['-V', { kind: 'version' }],
  ['--help', { kind: 'help' }],
  ['-h', { kind: 'help' }],
]);
const commandNames = [...terminalCommands.keys(), 'app-server', 'help'];

/** Reads the command line. Accepts the options that clients pass to codex, before and after `app-server`; D11. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const kind = terminalCommands.get(args[0] as 'demo');
  if (kind) return { kind, args: args.slice(1) };
  const usual = args.length === 1 ? usualLines.get(args[0] ?? '') : usualWithUpstream(args);
  if (usual) return usual;

  const [first, helped, ...others] = args;
  if (first === 'help' && helped !== undefined && others.length === 0) return helpAbout(helped);

  const isMisspelt = args.some(
    (arg) => arg !== readOnlyFlag && resemblesReadOnly(arg) && !hasShortValue(arg),
  );
  if (isMisspelt) return refusedReadOnly;
  const tokens = tokensOf(args);
  // If `app-server` is among the words, the others are values of unknown options.
  const isServerNamed = tokens.some((token) => token.kind === 'positional' && token.value === 'app-server');
  const overrides: string[] = [];
  const warnings: string[] = [];
  let isReadOnly = false;
  let isSubcommandSeen = false;
  let upstream: string | undefined;
  for (const [position, token] of tokens.entries()) {
    if (token.kind !== 'option-terminator' && resemblesReadOnly(token.value ?? '')) {
      return refusedReadOnly;
    }
    if (token.kind === 'positional') {
      if (isReadOnlyWord(token.value) && !isUnknownOption(tokens[position - 1])) {
        return refusedReadOnly;
      }
      if (isSubcommandSeen && !isUnknownOption(tokens[position - 1]))
        return wordBehindServer(token.value, args.slice(token.index + 1));
      if (token.value === 'app-server') isSubcommandSeen = true;
      else if (token.value === 'help' && !isSubcommandSeen) return { kind: 'help' };
      else if (isServerNamed) warnings.push(`ignoring argument ${token.index + 1}`);
      else if (terminalCommands.has(token.value as 'demo'))
        return refused(2, `${token.value} must come first and takes no options of the server; see --help`);
      else return refused(2, unknownCommand(token));
    } else if (token.kind === 'option') {
      const { name, rawName, value } = token;
      if (name in valueOptions && value === undefined) return refused(2, `${rawName} needs a value`);
      if (name === 'help') return { kind: 'help' };
      if (name === 'version' && !isSubcommandSeen) return { kind: 'version' };
      if (name === 'read-only') isReadOnly = true;
      if (startupOptions.includes(name)) return refused(2, startupProblem(rawName));
      if (name === 'config') overrides.push(configText(token) ?? '');
      if (name === 'upstream') upstream = value;
      if (name === 'listen' && value !== 'stdio://') return refusedListen(value ?? '');
      if (!(name in options)) warnings.push(`ignoring the unknown option ${rawName}`);
    }
  }
  return { kind: 'appServer', overrides, warnings, isReadOnly, ...(upstream !== undefined && { upstream }) };
}

function startupProblem(option: string): string {
  return `${option} does not exist here: this server does not know all of codex's configuration`;
}

function tokensOf(args: readonly string[]) {
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** Returns the arguments with which the real codex is started for a server with these arguments. */
export function argumentsForUpstream(args: readonly string[]): string[] {
  return upstreamArgs(tokensOf(args), options);
}

/** Reads `app-server` with an upstream and nothing else, also without `parseArgs`. */
function usualWithUpstream(args: readonly string[]): CommandLine | undefined {
  const at = args.indexOf('app-server');
  const [option, upstream = '-'] = at === 0 ? args.slice(1) : args;
  const isUsual = args.length === 3 && at !== 1 && at >= 0 && option === '--upstream';
  if (!isUsual || upstream.startsWith('-')) return undefined;
  return { ...usualServer, upstream };
}

/** Returns whether a server passes methods on: its start needs other code. */
export function usesUpstream(command: CommandLine, environment: NodeJS.ProcessEnv): boolean {
  return (
    command.kind === 'appServer' && Boolean(command.upstream ?? environment.CODEX_ACCOUNT_SERVER_UPSTREAM)
  );
}

/** Reads the first word behind `app-server` that is not the value of an option. Any such word starts no server. */
function wordBehindServer(word: string, rest: readonly string[]): CommandLine {
  if (isGenerateCommand(word)) return { kind: 'generate', command: word, args: rest };
  if (word === 'help') {
    const [helped] = rest;
    if (helped === undefined || helped === 'help' || helped.startsWith('-')) return { kind: 'help' };
    if (isGenerateCommand(helped)) return { kind: 'generate', command: helped, args: ['--help'] };
  }
  if (word === 'daemon' || word === 'proxy') {
    return refused(2, `app-server ${word} does not exist here: this server speaks only on stdin and stdout`);
  }
  const meant = nearestWord(word, generateCommands);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  // The word is not repeated: it may be an API key.
  return refused(2, `unknown word behind app-server${hint || ';'} ${hint ? 'See' : 'see'} --help`);
}

function isGenerateCommand(word: string): word is GenerateCommand {
  return generateCommands.includes(word);
}

/** Returns whether the argument is a short option followed by its value, as in `-sread-only`. */
function hasShortValue(argument: string): boolean {
  return Object.values(valueOptions).some(
    (option) => 'short' in option && argument.startsWith(`-${option.short}`),
  );
}

/** Returns whether it may be an option whose value is the next argument. */
function isUnknownOption(token: { readonly kind: string; readonly name?: string } | undefined): boolean {
  return token?.kind === 'option' && !(token.name !== undefined && token.name in options);
}

/** A server that was meant to change nothing must not start as one that does. */
const refusedReadOnly: CommandLine = refused(
  2,
  `${readOnlyFlag} must be an argument of its own, written like this and before any --; the server was not started`,
);

/** Says that a command does not exist. Repeats only the first word of the line: a later one may be an API key. */
function unknownCommand({ index, value }: { readonly index: number; readonly value: string }): string {
  const what = index === 0 ? `unknown command ${JSON.stringify(value)}` : 'unknown command';
  const meant = nearestWord(value, commandNames);
  return meant === undefined ? `${what}; see --help` : `${what}; did you mean ${meant}? See --help`;
}

function helpAbout(command: string): CommandLine {
  const kind = terminalCommands.get(command as 'demo');
  if (kind) return { kind, args: ['--help'] };
  if (command === 'app-server' || command.startsWith('-')) return { kind: 'help' };
  return refused(2, unknownCommand({ index: 1, value: command }));
}

function refusedListen(value: string): CommandLine {
  return value === 'off'
    ? refused(1, 'no transport is left with --listen off')
    : refused(2, `--listen takes stdio:// only, not ${JSON.stringify(value)}`);
}

function refused(exitCode: 1 | 2, message: string): CommandLine {
  return { kind: 'refused', exitCode, message };
}
