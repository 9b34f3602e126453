import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConnectionError } from './errors.js';

interface Package {
  readonly name?: string;
  readonly bin?: Readonly<Record<string, string>>;
}

/** A program to start, for a process that runs this Node. */
export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that it needs in addition to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

const ownName = 'codex-account-server';

/**
 * Returns how to start the server of this package, with the same Node as this process. In Electron that is the program
 * itself, which behaves as Node if a variable says so.
 *
 * @param serverPath the path of `dist/main.cjs`; by default it is searched from this module upwards
 * @throws ConnectionError `serverNotFound` if it is not there, for example because a bundler has moved this module
 */
export function ownServerProgram(serverPath = findOwnServer()): ServerProgram {
  if (!existsSync(serverPath)) {
    throw new ConnectionError(
      'serverNotFound',
      `there is no ${JSON.stringify(serverPath)} (option \`serverPath\`)`,
    );
  }
  return {
    command: process.execPath,
    args: [serverPath, 'app-server'],
    ...('electron' in process.versions && { env: { ELECTRON_RUN_AS_NODE: '1' } }),
  };
}

function findOwnServer(): string {
  for (let folder = ownFolder(); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const { name, bin } = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Package) : {};
    const program = name === ownName ? bin?.[ownName] : undefined;
    if (program !== undefined) return join(folder, program);
  }
  const message =
    'the server of this package was not found next to the library; pass the option `serverPath`';
  throw new ConnectionError('serverNotFound', message);
}

/** Returns the folder of this module. A bundler that makes CommonJS of the ES module leaves it undefined. */
function ownFolder(): string {
  return (import.meta as { readonly dirname?: string }).dirname ?? '/';
}
