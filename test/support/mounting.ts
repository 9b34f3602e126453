import { spawnSync } from 'node:child_process';

/** A command that runs another in a private mount namespace; undefined if this user may not create one. */
export const mounting = [
  ['unshare', '--mount'],
  ['unshare', '--user', '--map-root-user', '--mount'],
].find((launcher) => spawnSync('env', [...launcher, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0);

/** Returns a launcher that mounts the file at `path` over itself, as a container does with a single file. */
export function mountedAlone(path: string): readonly string[] {
  return [...(mounting ?? []), 'sh', '-c', 'mount --bind "$0" "$0" && exec "$@"', path];
}

/** The end of the name of a test that is skipped without it. */
export const whyNotMounting = mounting ? '' : ' (cannot run here: this user may not mount)';
if (!mounting) console.warn(`No test on a full or read-only disk${whyNotMounting}`);
