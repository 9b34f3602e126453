import { givenOption } from '../../terminal/command-options.js';

/** The options of `usage` that are about the limits. */
const aboutLimits = [
  'format',
  'left',
  'limit',
  'bar-width',
  'low',
  'critical',
  'max-age',
  'cached',
  'keep-line',
  'watch',
  'interval',
  'preset',
  'install-help',
  'exit-code',
  'need',
  'fail-open',
  'wait',
  'on',
  'print',
  'home',
];

/** @throws Error if an option that is given is not for `--tokens` */
export function requireTokenOptions(values: Readonly<Record<string, unknown>>): void {
  const other = givenOption(values, aboutLimits);
  if (other !== undefined) throw new Error(`--tokens and --${other} exclude each other`);
}
