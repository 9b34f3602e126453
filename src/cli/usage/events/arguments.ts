import type { EventRule } from '../../../limits/events/event-rules.js';
import { givenOption } from '../../terminal/command-options.js';
import type { PresentationOptions } from '../presentation.js';
import { readRules } from './rules-text.js';

/** The events of `usage --watch --on`, and the command for them. */
export interface EventsChoice {
  readonly rules: readonly EventRule[];
  /** The text of the rules, as it was given. */
  readonly rulesText: string;
  /** The command to run for each event and its arguments; undefined if events are printed. */
  readonly command: readonly [file: string, ...args: string[]] | undefined;
}

/**
 * Splits the arguments of `usage` at `--`: a command may follow.
 *
 * @returns the own arguments, and the command; undefined without `--`
 */
export function splitCommand(
  args: readonly string[],
): readonly [own: readonly string[], command: readonly string[] | undefined] {
  const index = args.indexOf('--');
  return index < 0 ? [args, undefined] : [args.slice(0, index), args.slice(index + 1)];
}

/** The options of `usage` about an output that a watch for events does not have. */
const outputOptions = ['json', 'format', 'preset', 'left', 'limit', 'bar-width'] as const;

/**
 * Reads the options about events; undefined without `--on`.
 *
 * @throws Error whose message says what is wrong
 */
export function eventsFrom(
  values: PresentationOptions & {
    readonly on?: string | undefined;
    readonly print: boolean;
    readonly watch: boolean;
  },
  command: readonly string[] | undefined,
): EventsChoice | undefined {
  const { on, print } = values;
  if (on === undefined) {
    if (print) throw new Error('--print is for --on');
    if (command) throw new Error('a command after -- is for --on');
    return undefined;
  }
  if (!values.watch) throw new Error('--on is for --watch');
  const output = givenOption(values, outputOptions);
  if (output) throw new Error(`--on and --${output} exclude each other`);
  const [file, ...args] = command ?? [];
  if (print && command) throw new Error('--print and a command exclude each other');
  if (!print && !file) throw new Error('--on needs a command after --, or --print');
  return { rules: readRules(on), rulesText: on, command: file ? [file, ...args] : undefined };
}
