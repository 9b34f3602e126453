import { parseArgs } from 'node:util';
import { watchIntervalSecs } from '../domain/watch-pace.js';
import { readFormat, type UsageFormat } from './usage-format.js';

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
  const { least, usual, most } = watchIntervalSecs;
  const seconds = text === undefined ? usual : Number(text);
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return seconds;
  throw new Error(`--interval takes ${least} to ${most} seconds, not '${text}'`);
}
