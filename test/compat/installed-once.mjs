// Installs packages that are too large for our `node_modules/`, and keeps them for the next run.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Returns the folder whose `node_modules/` holds these packages, each given as `name@1.2.3`. Installs them on first
 * use, without scripts and optional packages.
 */
export function installedOnce(packages) {
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  const name = packages.join('+').replaceAll('/', '-');
  const folder = path.join(cache, 'codex-account-server-tests', name);
  if (fs.existsSync(folder)) return folder;
  // A run that is interrupted leaves nothing under the final name.
  const unfinished = `${folder}.${process.pid}`;
  fs.mkdirSync(unfinished, { recursive: true });
  try {
    const flags = ['--no-save', '--ignore-scripts', '--omit=optional', '--loglevel=error'];
    execFileSync('npm', ['install', ...flags, '--prefix', unfinished, ...packages], {
      cwd: unfinished,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    fs.renameSync(unfinished, folder);
  } catch (error) {
    // Another process may have installed the same packages in the meantime.
    if (!fs.existsSync(folder)) throw error;
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
