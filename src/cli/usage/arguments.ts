import { parseArgs } from 'node:util';
import { watchIntervalSecs } from '../../limits/pace.js';
import { plainFields, readFormat, type UsageFormat, windowFields } from './format.js';

const { least, usual, most } = watchIntervalSecs;

export interface UsageChoice {
  readonly isWatching: boolean;
  readonly intervalMs: number;
  readonly output:
    { readonly kind: 'view' | 'json' } | { readonly kind: 'format'; readonly write: UsageFormat };
}

/** @throws Error whose message says what is wrong; null: help is asked for */
export function readUsageArguments(args: readonly string[]): UsageChoice | null {
  const options = {
    json: { type: 'boolean', default: false },
    format: { type: 'string' },
    watch: { type: 'boolean', default: false },
    interval: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) return null;
  if (values.json && values.format !== undefined) throw new Error('--json and --format exclude each other');
  if (values.interval !== undefined && !values.watch) throw new Error('--interval is for --watch');
  const { format } = values;
  return {
    isWatching: values.watch,
    intervalMs: intervalFrom(values.interval) * 1000,
    output:
      format === undefined
        ? { kind: values.json ? 'json' : 'view' }
        : { kind: 'format', write: readFormat(format) },
  };
}

function intervalFrom(text: string | undefined): number {
  const seconds = text === undefined ? usual : Number(text);
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return seconds;
  throw new Error(`--interval takes ${least} to ${most} seconds, not '${text}'`);
}

export const usageHelp = `Usage: codex-account-server usage [--json | --format TEXT] [--watch [--interval SECONDS]]

Shows how much of the limits is used, when they reset, and whether use is allowed.

  --json              the figures as JSON (version 1, schema/json/UsageOutput.json)
  --format TEXT       one line for status bars and prompts, with fields in braces
  --watch             stays and shows every change; Ctrl-C ends it. On a terminal it redraws,
                      else it prints again, with --json or --format a line each
  --interval SECONDS  how often --watch reads, ${least} to ${most}; ${usual} unless given. Less often
                      while nothing moves, more often near a limit
  -h, --help          this text

Fields of --format; what is not known is written as ?:
${fieldLines(plainFields, '')}
A window is named by its length in minutes: 300 is five hours, 10080 a week.
${fieldLines(windowFields, ':300')}
Example: --format '{plan} {window:300}% {bar:10080} {resetsIn:300}'; {{ and }} are braces.

Exit codes: 0 use is allowed; 1 any other failure; 2 wrong use; 3 use is blocked;
4 the backend does not say whether it is allowed; 5 signed out. --watch ends with the
code for what it showed last.

Colours are for terminals (NO_COLOR, FORCE_COLOR), signs beyond ASCII for UTF-8 locales
(LC_ALL, LC_CTYPE, LANG); times are of the time zone TZ.
`;

function fieldLines(fields: typeof plainFields, suffix: string): string {
  return Object.entries(fields)
    .map(([name, [meaning]]) => `  ${`{${name}${suffix}}`.padEnd(18)}  ${meaning}\n`)
    .join('');
}
