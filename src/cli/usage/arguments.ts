import { givenOption, readOptions } from '../terminal/command-options.js';
import { watchIntervalSecs } from '../../limits/pace.js';
import type { KeptLine } from './keep-line.js';
import { type EventsChoice, eventsFrom, splitCommand } from './events/arguments.js';
import { gateFrom, timeoutFrom } from './gate/arguments.js';
import type { Gate } from './gate/gate.js';
import { outputFrom, type UsageOutput, usualMaxAgeMs } from './output-choice.js';
import { requireTokenOptions } from './tokens/arguments.js';
import { type Presentation, type PresentationOptions, usualPresentation, widestBar } from './presentation.js';

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
  /** The folders of `--home`, in their order; undefined if there are none. */
  readonly homes: readonly string[] | undefined;
  readonly isWatching: boolean;
  /** Whether to show the token activity in place of the limits. */
  readonly showsTokens: boolean;
  /** Whether `--history` was given: nothing is read. */
  readonly isHistory: boolean;
  readonly intervalMs: number;
  readonly output: UsageOutput;
  /** The needs to check; undefined if only the limits are shown. */
  readonly gate: Gate | undefined;
  /** Whether to wait until use is allowed and enough is left. */
  readonly isWaiting: boolean;
  /** The events to report; undefined if the limits are shown. */
  readonly events: EventsChoice | undefined;
  /** Whether only the lines for the configuration of the preset's program are printed. */
  readonly isInstallHelp: boolean;
}

/** Reads the arguments of `usage`; null for `--help`. @throws Error whose message says what is wrong */
export function readUsageArguments(args: readonly string[]): UsageChoice | null {
  const options = {
    json: { type: 'boolean', default: false },
    format: { type: 'string' },
    preset: { type: 'string' },
    'install-help': { type: 'boolean', default: false },
    'exit-code': { type: 'boolean', default: false },
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
    need: { type: 'string' },
    'fail-open': { type: 'boolean', default: false },
    wait: { type: 'boolean', default: false },
    on: { type: 'string' },
    print: { type: 'boolean', default: false },
    home: { type: 'string', multiple: true },
    tokens: { type: 'boolean', default: false },
    history: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const [own, command] = splitCommand(args);
  const values = readOptions(own, options);
  if (values.help) return null;
  if (values.tokens) requireTokenOptions(values);
  if (values.history && args.some((arg) => arg !== '--history' && arg !== '--json'))
    throw new Error('--history takes no other option than --json');
  if (values.interval !== undefined && !values.watch) throw new Error('--interval is for --watch');
  const presentation = presentationFrom(values);
  const { cached: isCachedOnly, 'max-age': maxAge } = values;
  if (values.watch && isCachedOnly) throw new Error('--watch and --cached exclude each other');
  if (values.watch && maxAge !== undefined) throw new Error('--watch and --max-age exclude each other');
  const { timeout, 'keep-line': key } = values;
  if (values.watch && timeout !== undefined) throw new Error('--watch and --timeout exclude each other');
  const { home: homes } = values;
  if (homes?.includes('')) throw new Error('--home takes a folder, not an empty text');
  if (homes && values.wait) throw new Error('--home and --wait exclude each other');
  if (homes && values.on !== undefined) throw new Error('--home and --on exclude each other');
  if (homes && key !== undefined) throw new Error('--home and --keep-line exclude each other');
  if (homes && values.preset !== undefined) throw new Error('--home and --preset exclude each other');
  const givenMaxAgeMs = maxAge === undefined ? undefined : maxAgeFrom(maxAge) * 1000;
  const output = outputFrom(values, presentation, givenMaxAgeMs);
  const maxAgeMs = givenMaxAgeMs ?? (isCachedOnly ? undefined : usualMaxAgeMs(output));
  return {
    maxAgeMs,
    isCachedOnly,
    timeoutMs: timeout === undefined ? undefined : timeoutFrom(timeout, values.wait),
    keptLine: key === undefined ? undefined : keptLineFrom(key, output, maxAgeMs),
    homes,
    isWatching: values.watch,
    showsTokens: values.tokens,
    isHistory: values.history,
    intervalMs: intervalFrom(values.interval) * 1000,
    output,
    gate: gateFrom(values),
    isWaiting: values.wait,
    events: eventsFrom(values, command),
    isInstallHelp: values['install-help'],
  };
}

function presentationFrom(values: PresentationOptions): Presentation {
  const other = givenOption(values, ['left', 'limit', 'bar-width']);
  if (values.json && other) throw new Error(`--json and --${other} exclude each other`);
  for (const name of ['low', 'critical'] as const) {
    if (values[name] !== undefined && values.format === undefined && values.preset === undefined)
      throw new Error(`--${name} is for --format and --preset`);
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
