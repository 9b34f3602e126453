import { readDuration } from '../../terminal/duration-text.js';
import type { Gate } from './gate.js';
import { readNeeds } from './need-text.js';

/**
 * Reads the options of a gate; undefined without `--need` and `--wait`.
 *
 * @throws Error whose message says what is wrong
 */
export function gateFrom(values: {
  readonly need?: string | undefined;
  readonly 'fail-open': boolean;
  readonly wait: boolean;
  readonly watch: boolean;
  readonly cached: boolean;
  readonly 'max-age'?: string | undefined;
  readonly limit?: string | undefined;
  readonly preset?: string | undefined;
}): Gate | undefined {
  const { need, 'fail-open': isFailOpen, wait } = values;
  if (need === undefined && !wait) {
    if (isFailOpen) throw new Error('--fail-open is for --need');
    return undefined;
  }
  const asked = wait ? '--wait' : '--need';
  if (values.watch) throw new Error(`${asked} and --watch exclude each other`);
  if (values.preset !== undefined) throw new Error(`${asked} and --preset exclude each other`);
  if (values.limit !== undefined) throw new Error(`${asked} and --limit exclude each other`);
  if (wait && isFailOpen) throw new Error('--wait and --fail-open exclude each other');
  if (wait && values.cached) throw new Error('--wait and --cached exclude each other');
  if (wait && values['max-age'] !== undefined) throw new Error('--wait and --max-age exclude each other');
  return { needs: need === undefined ? [] : readNeeds(need), isFailOpen };
}

/** Reads `--timeout`, in milliseconds. @throws Error whose message says what is wrong */
export function timeoutFrom(text: string, isWaiting: boolean): number {
  if (isWaiting) return readDuration('--timeout', text);
  if (/^[1-9]\d?$/.test(text)) return Number(text) * 1000;
  throw new Error(`--timeout takes 1 to 99 seconds, not '${text}'`);
}
