import { parseArgs } from 'node:util';
import { type ScenarioName, scenarioNames } from '../../dev-backend/account/scenarios.js';
import { nearestWord } from '../../util/text/edit-distance.js';
import { unexpectedArgument } from '../wrong-use.js';

/** How `dev-backend` is to run. */
export interface DevRun {
  readonly kind: 'run';
  readonly port: number;
  readonly scenario: ScenarioName;
  /** Undefined for a temporary folder. */
  readonly home: string | undefined;
  /** Makes the login one of an account of its own. */
  readonly account: string | undefined;
  readonly isLogged: boolean;
  /** The program to run; undefined to run until stopped. */
  readonly command: readonly [file: string, ...args: string[]] | undefined;
}

export const defaultScenario: ScenarioName = 'fresh';

const options = {
  port: { type: 'string', default: '0' },
  scenario: { type: 'string', default: defaultScenario },
  home: { type: 'string' },
  account: { type: 'string' },
  log: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws Error whose message says what is wrong */
export function readDevArguments(args: readonly string[]): DevRun | { readonly kind: 'help' } {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const { values, positionals } = parseArgs({ args: args.slice(0, end), options, allowPositionals: true });
  const [word] = positionals;
  if (word !== undefined) throw new Error(`${unexpectedArgument(word).message}; put a command behind --`);
  if (values.help) return { kind: 'help' };
  return {
    kind: 'run',
    port: portFrom(values.port),
    scenario: scenarioFrom(values.scenario),
    home: values.home === undefined ? undefined : homeFrom(values.home),
    account: values.account === undefined ? undefined : accountFrom(values.account),
    isLogged: values.log,
    command: end < args.length ? commandFrom(args.slice(end + 1)) : undefined,
  };
}

function portFrom(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port takes a number from 0 to 65535, not '${text}'`);
}

function scenarioFrom(text: string): ScenarioName {
  const name = scenarioNames.find((known) => known === text);
  if (name !== undefined) return name;
  const meant = nearestWord(text, scenarioNames);
  if (meant !== undefined) throw new Error(`--scenario: no scenario '${text}'; did you mean ${meant}?`);
  throw new Error(`--scenario takes one of ${scenarioNames.join(', ')}, not '${text}'`);
}

function homeFrom(text: string): string {
  if (text !== '') return text;
  throw new Error('--home takes a folder');
}

function accountFrom(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(text)) return text;
  throw new Error(`--account takes up to 32 of a-z, 0-9 and '-', not '${text}'`);
}

function commandFrom([file, ...args]: readonly string[]): DevRun['command'] {
  if (file !== undefined && file !== '') return [file, ...args];
  throw new Error('-- must be followed by a command');
}
