import { readOptions } from '../terminal/command-options.js';
import { watchIntervalSecs } from '../../limits/pace.js';
import type { KeptLine } from './keep-line.js';
import { plainFields, windowFields } from './format/fields.js';
import { readFormat, stateFields, type UsageFormat } from './format/format.js';
import { type Presentation, usualPresentation } from './presentation.js';

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
  /** Whether `--history` was given: nothing is read. */
  readonly isHistory: boolean;
  readonly intervalMs: number;
  readonly output: UsageOutput;
}

export type UsageOutput =
  | { readonly kind: 'json' }
  | { readonly kind: 'view'; readonly presentation: Presentation }
  | { readonly kind: 'format'; readonly format: UsageFormat; readonly presentation: Presentation };

/** Reads the arguments of `usage`; null for `--help`. @throws Error whose message says what is wrong */
export function readUsageArguments(args: readonly string[]): UsageChoice | null {
  const options = {
    json: { type: 'boolean', default: false },
    format: { type: 'string' },
    left: { type: 'boolean', default: false },
    limit: { type: 'string' },
    'bar-width': { type: 'string' },
    low: { type: 'string' },
    critical: { type: 'string' },
    watch: { type: 'boolean', default: false },
    interval: { type: 'string' },
    'max-age': { type: 'string' },
    cached: { type: 'boolean', default: false },
    timeout: { type: 'string' },
    'keep-line': { type: 'string' },
    history: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const values = readOptions(args, options);
  if (values.help) return null;
  if (values.history && args.some((arg) => arg !== '--history' && arg !== '--json'))
    throw new Error('--history takes no other option than --json');
  if (values.json && values.format !== undefined) throw new Error('--json and --format exclude each other');
  if (values.interval !== undefined && !values.watch) throw new Error('--interval is for --watch');
  const presentation = presentationFrom(values);
  const { format, cached: isCachedOnly, 'max-age': maxAge } = values;
  if (values.watch && isCachedOnly) throw new Error('--watch and --cached exclude each other');
  if (values.watch && maxAge !== undefined) throw new Error('--watch and --max-age exclude each other');
  const { timeout, 'keep-line': key } = values;
  if (values.watch && timeout !== undefined) throw new Error('--watch and --timeout exclude each other');
  const maxAgeMs = maxAge === undefined ? undefined : maxAgeFrom(maxAge) * 1000;
  const output = outputFrom(values.json, format, presentation);
  return {
    maxAgeMs,
    isCachedOnly,
    timeoutMs: timeout === undefined ? undefined : timeoutFrom(timeout) * 1000,
    keptLine: key === undefined ? undefined : keptLineFrom(key, output, maxAgeMs),
    isWatching: values.watch,
    isHistory: values.history,
    intervalMs: intervalFrom(values.interval) * 1000,
    output,
  };
}

function outputFrom(isJson: boolean, format: string | undefined, presentation: Presentation): UsageOutput {
  if (isJson) return { kind: 'json' };
  if (format === undefined) return { kind: 'view', presentation };
  return { kind: 'format', format: readFormat(format, presentation), presentation };
}

interface PresentationOptions {
  readonly json: boolean;
  readonly format?: string | undefined;
  readonly left: boolean;
  readonly limit?: string | undefined;
  readonly 'bar-width'?: string | undefined;
  readonly low?: string | undefined;
  readonly critical?: string | undefined;
}

function presentationFrom(values: PresentationOptions): Presentation {
  for (const name of ['left', 'limit', 'bar-width'] as const) {
    const isGiven = values[name] !== undefined && values[name] !== false;
    if (values.json && isGiven) throw new Error(`--json and --${name} exclude each other`);
  }
  for (const name of ['low', 'critical'] as const) {
    if (values[name] !== undefined && values.format === undefined)
      throw new Error(`--${name} is for --format`);
  }
  const { lowPercent: low, criticalPercent: critical } = usualPresentation;
  const lowPercent = wholeNumber('--low', values.low, 0, 100) ?? low;
  const criticalPercent =
    wholeNumber('--critical', values.critical, 0, 100) ?? Math.min(critical, lowPercent);
  if (criticalPercent > lowPercent) throw new Error('--critical is larger than --low');
  return {
    showsLeft: values.left,
    limitName: values.limit,
    barColumns: wholeNumber('--bar-width', values['bar-width'], 1, widestBar),
    lowPercent,
    criticalPercent,
  };
}

const widestBar = 200;

function wholeNumber(
  option: string,
  text: string | undefined,
  smallest: number,
  largest: number,
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (number >= smallest && number <= largest) return number;
  throw new Error(`${option} takes a whole number from ${smallest} to ${largest}, not '${text}'`);
}

function maxAgeFrom(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--max-age takes whole seconds, not '${text}'`);
}

function timeoutFrom(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Error(`--timeout takes 1 to 99 seconds, not '${text}'`);
}

function keptLineFrom(key: string, output: UsageOutput, maxAgeMs: number | undefined): KeptLine {
  if (output.kind !== 'format' || maxAgeMs === undefined)
    throw new Error('--keep-line is for --format with --max-age');
  // It becomes the name of a file.
  if (!/^\d{1,10}-\d{1,10}$/.test(key)) throw new Error(`--keep-line takes two numbers such as 1-2`);
  return { key, format: output.format, maxAgeMs };
}

function intervalFrom(text: string | undefined): number {
  const seconds = text === undefined ? usual : Number(text);
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return seconds;
  throw new Error(`--interval takes ${least} to ${most} seconds, not '${text}'`);
}

export const usageHelp = `Usage: codex-account-server usage [--json | --format TEXT] [--left]
                                  [--limit NAME] [--bar-width N]
                                  [--max-age SECONDS] [--cached]
                                  [--timeout SECONDS] [--keep-line KEY]
       codex-account-server usage ... --watch [--interval SECONDS]
       codex-account-server usage --history [--json]

Shows how much of each limit is used, when it resets, and whether use is
allowed.

  --json              print JSON (version 1, schema/json/UsageOutput.json)
  --format TEXT       print one line, with the fields below in braces
  --left              show what is left in place of what is used; of --format,
                      in bars
  --limit NAME        show only this limit, by its id or name (default: all;
                      in --format: codex)
  --bar-width N       columns of a bar, 1 to ${widestBar}
  --low N             from how many percent left {level} is low (default: ${usualPresentation.lowPercent})
  --critical N        the same for critical (default: ${usualPresentation.criticalPercent})
  --max-age SECONDS   take a stored read of at most this age; without one,
                      read the limits and store them for other processes
  --cached            take a stored read of any age, or of --max-age, and send
                      nothing
  --timeout SECONDS   give up after 1 to 99 seconds
  --keep-line KEY     with --format and --max-age: also keep the line as KEY,
                      two numbers such as 1-2, for codex-account-line, which
                      calls this
  --watch             keep running and show every change; Ctrl-C ends it.
                      Redraws a terminal; otherwise prints again, one line per
                      change with --json or --format
  --interval SECONDS  time between two reads of --watch, ${least} to ${most}
                      (default: ${usual}); longer while nothing changes, shorter
                      near a limit
  --history           show what reads have seen change, as a chart of each
                      window; with --json as JSON (version 1,
                      schema/json/UsageHistory.json). Sends nothing
  -h, --help          show this help

Fields of --format; an unknown value is printed as ?:
${fieldLines(plainFields, '')}${fieldLines(stateFields, '')}
Fields of a window, named by its length in minutes (300: 5 hours, 10080:
week). With spend in place of the minutes they are those of the spend limit.
Of the limit that binds they are {tightest:left}, {tightest:name} and so on:
${fieldLines(windowFields, ':300')}
Example: --format '{tightest:left}% {bar:10080} {resetsIn:300}'
With {error} the line is printed even if the read fails.
Write {{ and }} for braces.

Exit codes: 0 use is allowed; 1 any other failure; 2 wrong usage; 3 use is
blocked; 4 it is not known whether use is allowed, or --cached finds no stored
read; 5 signed out.
--watch exits with the code for what it showed last, --history with 0.

Colours are for terminals (NO_COLOR, FORCE_COLOR), Unicode for UTF-8 locales
(LC_ALL, LC_CTYPE, LANG). Times are in the time zone TZ.
`;

function fieldLines(
  fields: Readonly<Record<string, readonly [meaning: string, unknown]>>,
  suffix: string,
): string {
  return Object.entries(fields)
    .map(([name, [meaning]]) => `  ${`{${name}${suffix}}`.padEnd(18)}  ${meaning}\n`)
    .join('');
}
