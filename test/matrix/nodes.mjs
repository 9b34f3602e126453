// The versions of node that a change must work on, from the npm registry.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The newest of each line that was there when this was written. */
export const versions = ['20.20.2', '22.23.3', '24.21.0', '26.12.1'];

/** The path of a node: that of an exact version, installed on first use and kept for the next, or a path as it is. */
export function nodePath(wanted) {
  if (!/^\d+\.\d+\.\d+$/.test(wanted)) return fs.realpathSync(wanted);
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'codex-account-server-nodes', wanted);
  // The package of this platform holds the program itself; the one called `node` would fetch it by a script.
  const name = `node-${process.platform}-${process.arch}`;
  const found = path.join(folder, 'node_modules', name, 'bin/node');
  if (versionOf(found) === wanted) return found;
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['install', '--prefix', folder, '--no-save', `${name}@${wanted}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: folder,
  });
  if (versionOf(found) !== wanted) throw new Error(`node ${wanted} could not be installed`);
  return found;
}

/** Undefined where there is none that runs. */
export function versionOf(node) {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  } catch {
    return undefined;
  }
}
