import { readOptions } from '../terminal/command-options.js';
import { watchIntervalSecs } from '../../limits/pace.js';
import type { KeptLine } from './keep-line.js';
import { plainFields, readFormat, type UsageFormat, windowFields } from './format.js';

const { least, usual, most } = watchIntervalSecs;

export interface UsageChoice {
  /** How old a stored read may be: undefined if none is wanted. */
  readonly maxAgeMs: number | undefined;
  /** Whether nothing is read from the backend. */
  readonly isCachedOnly: boolean;
  /** How long to wait for the limits; undefined if that is left to the limits of the requests. */
  readonly timeoutMs: number | undefined;
  /** The line to keep for `codex-account-line`. */
  readonly keptLine: KeptLine | undefined;
  readonly isWatching: boolean;
  readonly intervalMs: number;
  readonly output:
    { readonly kind: 'view' | 'json' } | { readonly kind: 'format'; readonly write: UsageFormat };
}

/** Reads the arguments of `usage`; null for `--help`. @throws Error whose message says what is wrong */
export function readUsageArguments(args: readonly string[]): UsageChoice | null {
  const options = {
    json: { type: 'boolean', default: false },
    format: { type: 'string' },
    watch: { type: 'boolean', default: false },
    interval: { type: 'string' },
    'max-age': { type: 'string' },
    cached: { type: 'boolean', default: false },
    timeout: { type: 'string' },
    'keep-line': { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const values = readOptions(args, options);
  if (values.help) return null;
  if (values.json && values.format !== undefined) throw new Error('--json and --format exclude each other');
  if (values.interval !== undefined && !values.watch) throw new Error('--interval is for --watch');
  const { format, cached: isCachedOnly, 'max-age': maxAge } = values;
  if (values.watch && isCachedOnly) throw new Error('--watch and --cached exclude each other');
  if (values.watch && maxAge !== undefined) throw new Error('--watch and --max-age exclude each other');
  const { timeout, 'keep-line': key } = values;
  if (values.watch && timeout !== undefined) throw new Error('--watch and --timeout exclude each other');
  const maxAgeMs = maxAge === undefined ? undefined : maxAgeFrom(maxAge) * 1000;
  const write = format === undefined ? undefined : readFormat(format);
  return {
    maxAgeMs,
    isCachedOnly,
    timeoutMs: timeout === undefined ? undefined : timeoutFrom(timeout) * 1000,
    keptLine: key === undefined ? undefined : keptLineFrom(key, write, maxAgeMs),
    isWatching: values.watch,
    intervalMs: intervalFrom(values.interval) * 1000,
    output: write ? { kind: 'format', write } : { kind: values.json ? 'json' : 'view' },
  };
}

function maxAgeFrom(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--max-age takes whole seconds, not '${text}'`);
}

function timeoutFrom(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Error(`--timeout takes 1 to 99 seconds, not '${text}'`);
}

function keptLineFrom(key: string, write: UsageFormat | undefined, maxAgeMs: number | undefined): KeptLine {
  if (!write || maxAgeMs === undefined) throw new Error('--keep-line is for --format with --max-age');
  // It becomes the name of a file.
  if (!/^\d{1,10}-\d{1,10}$/.test(key)) throw new Error(`--keep-line takes two numbers such as 1-2`);
  return { key, write, maxAgeMs };
}

function intervalFrom(text: string | undefined): number {
  const seconds = text === undefined ? usual : Number(text);
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return seconds;
  throw new Error(`--interval takes ${least} to ${most} seconds, not '${text}'`);
}

export const usageHelp = `Usage: codex-account-server usage [--json | --format TEXT]
                                  [--max-age SECONDS] [--cached]
                                  [--timeout SECONDS] [--keep-line KEY]
       codex-account-server usage [--json | --format TEXT]
                                  --watch [--interval SECONDS]

Shows how much of each limit is used, when it resets, and whether use is
allowed.

  --json              print JSON (version 1, schema/json/UsageOutput.json)
  --format TEXT       print one line, with the fields below in braces
  --max-age SECONDS   take a stored read of at most this age; without one, read
                      the limits and store them for other processes
  --cached            take a stored read of any age, or of --max-age, and send
                      nothing
  --timeout SECONDS   give up after 1 to 99 seconds
  --keep-line KEY     with --format and --max-age: also keep the line as KEY, two
                      numbers such as 1-2, for codex-account-line, which calls
                      this
  --watch             keep running and show every change; Ctrl-C ends it.
                      Redraws a terminal; otherwise prints again, one line per
                      change with --json or --format
  --interval SECONDS  time between two reads of --watch, ${least} to ${most}
                      (default: ${usual}); longer while nothing changes, shorter
                      near a limit
  -h, --help          show this help

Fields of --format; an unknown value is printed as ?:
${fieldLines(plainFields, '')}
Fields of a window, named by its length in minutes (300: 5 hours, 10080: week):
${fieldLines(windowFields, ':300')}
Example: --format '{plan} {window:300}% {bar:10080} {resetsIn:300}'
Write {{ and }} for braces.

Exit codes: 0 use is allowed; 1 any other failure; 2 wrong usage; 3 use is
blocked; 4 the backend does not say whether use is allowed, or --cached finds
no stored read; 5 signed out.
--watch exits with the code for what it showed last.

Colours are for terminals (NO_COLOR, FORCE_COLOR), Unicode for UTF-8 locales
(LC_ALL, LC_CTYPE, LANG). Times are in the time zone TZ.
`;

function fieldLines(fields: typeof plainFields, suffix: string): string {
  return Object.entries(fields)
    .map(([name, [meaning]]) => `  ${`{${name}${suffix}}`.padEnd(18)}  ${meaning}\n`)
    .join('');
}
