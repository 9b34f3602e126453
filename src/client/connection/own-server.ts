import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConnectionError } from './errors.js';

interface Package {
  readonly name?: string;
  readonly bin?: Readonly<Record<string, string>>;
}

const ownName = 'codex-account-server';

/**
 * Returns the command that starts the server of this package, with the same Node as this process.
 *
 * @throws ConnectionError `serverNotFound` if this module was moved out of its package, for example by a bundler
 */
export function ownServerCommand(): { command: string; args: readonly string[] } {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const { name, bin } = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Package) : {};
    const program = name === ownName ? bin?.[ownName] : undefined;
    if (program !== undefined) {
      return { command: process.execPath, args: [join(folder, program), 'app-server'] };
    }
  }
  const message = 'the server of this package was not found next to the library; pass `command` and `args`';
  throw new ConnectionError('serverNotFound', message);
}
