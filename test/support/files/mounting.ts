import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** A command that runs another in a private mount namespace; undefined if this user may not create one. */
export const mounting = [
  ['unshare', '--mount'],
  ['unshare', '--user', '--map-root-user', '--mount'],
].find((launcher) => spawnSync('env', [...launcher, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0);

/** Mounts the file at `path` over itself in the mount namespace of a process that `mounting` has started. */
export async function mountAlone(pid: number, path: string): Promise<void> {
  const user = mounting?.includes('--user') ? ['--user', '--preserve-credentials'] : [];
  await promisify(execFile)('nsenter', [
    ...['--target', String(pid), ...user, '--mount'],
    ...['mount', '--bind', path, path],
  ]);
}

/** Returns a launcher that mounts the file at `path` over itself, as a container does with a single file. */
export function mountedAlone(path: string): readonly string[] {
  return [...(mounting ?? []), 'sh', '-c', 'mount --bind "$0" "$0" && exec "$@"', path];
}

/** The end of the name of a test that is skipped without it. */
export const whyNotMounting = mounting ? '' : ' (cannot run here: this user may not mount)';
if (!mounting)
  console.warn(
    `No test on a full or read-only disk, with a mounted file or with roots of the system${whyNotMounting}`,
  );
