import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConnectionError } from './errors.js';

interface Package {
  readonly name?: string;
  readonly bin?: Readonly<Record<string, string>>;
}

const ownName = 'codex-account-server';

/**
 * How the server of this package is started: with the Node that runs us.
 *
 * @throws ConnectionError `serverNotFound` where this module has been taken out of its package, by a bundler for example
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
  const message = 'the server of this package is not beside its client; pass `command`';
  throw new ConnectionError('serverNotFound', message);
}
