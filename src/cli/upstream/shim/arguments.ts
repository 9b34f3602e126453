import { parseArgs } from 'node:util';
import { unexpectedArgument } from '../../wrong-use.js';

export type ShimChoice =
  | { readonly kind: 'help' }
  | { readonly kind: 'install'; readonly folder: string; readonly upstream: string }
  | { readonly kind: 'remove'; readonly folder: string }
  | { readonly kind: 'status' };

/** Reads the arguments of `shim`. @throws Error for wrong usage */
export function readShimArguments(args: readonly string[]): ShimChoice {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      upstream: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) return { kind: 'help' };
  const [word, extra] = positionals;
  if (extra !== undefined) throw unexpectedArgument(extra);
  if (word !== 'install' && word !== 'remove' && word !== 'status') {
    throw word === undefined ? new Error('install, remove or status is missing') : unexpectedArgument(word);
  }
  if (word !== 'install' && values.upstream !== undefined) throw new Error('--upstream is for shim install');
  if (word === 'status') {
    if (values.dir !== undefined) throw new Error('--dir is for shim install and shim remove');
    return { kind: 'status' };
  }
  const { dir: folder, upstream = 'auto' } = values;
  if (!folder) throw new Error(`shim ${word} needs --dir DIR`);
  if (!upstream) throw new Error('--upstream needs a path, or auto');
  return word === 'install' ? { kind: 'install', folder, upstream } : { kind: 'remove', folder };
}
