import { readOptions } from '../terminal/command-options.js';
import { watchIntervalSecs } from '../../limits/pace.js';
import { plainFields, readFormat, type UsageFormat, windowFields } from './format.js';

const { least, usual, most } = watchIntervalSecs;

export interface UsageChoice {
  /** How old a stored read may be: undefined if none is wanted. */
  readonly maxAgeMs: number | undefined;
  /** Whether nothing is read from the backend. */
  readonly isCachedOnly: boolean;
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
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const values = readOptions(args, options);
  if (values.help) return null;
  if (values.json && values.format !== undefined) throw new Error('--json and --format exclude each other');
  if (values.interval !== undefined && !values.watch) throw new Error('--interval is for --watch');
  const { format, cached: isCachedOnly, 'max-age': maxAge } = values;
  if (values.watch && isCachedOnly) throw new Error('--watch and --cached exclude each other');
  if (values.watch && maxAge !== undefined) throw new Error('--watch and --max-age exclude each other');
  return {
    maxAgeMs: maxAge === undefined ? undefined : maxAgeFrom(maxAge) * 1000,
    isCachedOnly,
    isWatching: values.watch,
    intervalMs: intervalFrom(values.interval) * 1000,
    output:
      format === undefined
        ? { kind: values.json ? 'json' : 'view' }
        : { kind: 'format', write: readFormat(format) },
  };
}

function maxAgeFrom(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--max-age takes whole seconds, not '${text}'`);
}

function intervalFrom(text: string | undefined): number {
  const seconds = text === undefined ? usual : Number(text);
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return seconds;
  throw new Error(`--interval takes ${least} to ${most} seconds, not '${text}'`);
}

export const usageHelp = `Usage: codex-account-server usage [--json | --format TEXT]
                                  [--max-age SECONDS] [--cached]
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
