import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { installedOnce } from '../installed-once.mjs';

/** The versions that a change must work on: one of each supported line. */
export const versions = ['20.20.2', '22.23.3', '24.21.0', '26.12.1'];

/** Returns `nodePath`. If the npm registry does not answer, or has no such version, says so and returns undefined. */
export function nodeIfAvailable(wanted) {
  try {
    return nodePath(wanted);
  } catch (error) {
    if (isOnRegistry(wanted)) throw error;
    console.log(`Not tested: node ${wanted} cannot be had from the npm registry.`);
    return undefined;
  }
}

function isOnRegistry(version) {
  return spawnSync('npm', ['view', `${packageName}@${version}`, 'version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Returns the path of a node: of a version from the npm registry, of the newest version of a line like `22`, or a
 * path.
 *
 * @throws if npm cannot install it
 */
export function nodePath(wanted) {
  if (!/^\d+(\.\d+){0,2}$/.test(wanted)) return existingPath(wanted);
  return path.join(
    installedOnce([`${packageName}@${exactVersion(wanted)}`]),
    'node_modules',
    packageName,
    'bin/node',
  );
}

/** The package of this platform. It contains the program; the package `node` would fetch it by a script. */
const packageName = `node-${process.platform}-${process.arch}`;

function exactVersion(wanted) {
  if (/^\d+\.\d+\.\d+$/.test(wanted)) return wanted;
  const { status, stdout } = spawnSync('npm', ['view', `${packageName}@${wanted}`, 'version', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`npm has no version ${wanted} of ${packageName}`);
  return [JSON.parse(stdout)].flat().at(-1);
}

function existingPath(wanted) {
  return fs.existsSync(wanted)
    ? fs.realpathSync(wanted)
    : refuse(`${wanted} is neither a version nor the path of a node`);
}

function refuse(why) {
  console.error(why);
  process.exit(2);
}

export function versionOf(node) {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}
