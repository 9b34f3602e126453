import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { installedOnce } from '../support/installed-once.mjs';

/** What a change must work on: the newest of each line that was there when this was written. */
export const versions = ['20.20.2', '22.23.3', '24.21.0', '26.12.1'];

/** The path of a node: that of an exact version from the npm registry, or a path as it is. */
export function nodePath(wanted) {
  if (!/^\d+\.\d+\.\d+$/.test(wanted)) return fs.realpathSync(wanted);
  // The package of this platform holds the program itself; the one called `node` would fetch it by a script.
  const name = `node-${process.platform}-${process.arch}`;
  return path.join(installedOnce([`${name}@${wanted}`]), 'node_modules', name, 'bin/node');
}

export function versionOf(node) {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}
