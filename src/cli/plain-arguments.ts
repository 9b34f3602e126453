import { flags, valueOptions } from './options.js';

/** Options that decide how the server runs; with them the whole command line is read. */
const weighty = new Set(['config', 'help', 'version']);

/**
 * Whether a command line only starts the server, in the words that clients use: `app-server`, and options of codex that
 * have no effect. Any other one may do so too; `readCommandLine` tells, which takes 5 ms to load `parseArgs` of node.
 */
export function isPlainServerCommand(args: readonly string[]): boolean {
  let isSubcommandSeen = false;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === 'app-server') {
      isSubcommandSeen = true;
    } else if (isOneOf(valueOptions, arg)) {
      index += 1;
      const value = args[index];
      if (value === undefined || value.startsWith('-') || isWrongTransport(arg, value)) return false;
    } else if (!isOneOf(flags, arg)) return false;
  }
  return isSubcommandSeen;
}

function isOneOf(options: Readonly<Record<string, { type: string; short?: string }>>, arg: string): boolean {
  return Object.entries(options).some(
    ([name, { short }]) => !weighty.has(name) && (arg === `--${name}` || (short && arg === `-${short}`)),
  );
}

function isWrongTransport(option: string, value: string): boolean {
  return option === '--listen' && value !== 'stdio://';
}
