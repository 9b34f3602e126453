import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, expect } from 'vitest';
import { unixTest } from '../support/unix-test.js';

/** The id of a user without an entry in the password file. */
const stranger = { uid: 54_321, gid: 54_321 };

let root = '';
let home = '';

beforeEach(() => {
  // Another user cannot enter the folders of this test run.
  root = realpathSync(mkdtempSync('/tmp/codex-home-'));
  home = join(root, 'home');
  mkdirSync(home);
  chmodSync(root, 0o755);
  chmodSync(home, 0o755);
});

afterEach(() => {
  chmodSync(home, 0o755);
  rmSync(root, { recursive: true });
});

/**
 * Returns or reports what `resolveCodexHome` does in a child process that has neither HOME nor rights. Root may read
 * every folder, so a child process of root becomes the stranger; only after its start, because the stranger may not
 * have the right to run this node.
 */
function resolvedByStranger(codexHome: string | undefined): string {
  const source = fileURLToPath(new URL('../../src/config/codex-home.ts', import.meta.url));
  const call = `
    import { resolveCodexHome } from ${JSON.stringify(source)};
    if (process.getuid() === 0) {
      process.setgroups([]);
      process.setgid(${stranger.gid});
      process.setuid(${stranger.uid});
    }
    try {
      process.stdout.write(resolveCodexHome(process.env.CODEX_HOME, process.env.HOME));
    } catch (error) {
      process.stdout.write(error.constructor.name + ': ' + error.message);
    }`;
  const [bundle] = buildSync({
    stdin: { contents: call, resolveDir: '/' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  }).outputFiles;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', bundle?.text ?? ''], {
    cwd: '/',
    env: codexHome === undefined ? {} : { CODEX_HOME: codexHome },
    encoding: 'utf8',
  });
  return stdout + stderr;
}

unixTest('CODEX_HOME is enough for a user without HOME and without an entry in the password file', () => {
  expect(resolvedByStranger(home)).toBe(home);
});

unixTest.each([
  ['neither read nor entered', 0o000],
  ['read but not entered', 0o444],
  ['entered but not read', 0o111],
])('a CODEX_HOME that can be %s is refused', (_what, mode) => {
  chmodSync(home, mode);
  expect(resolvedByStranger(home)).toBe(
    `CodexHomeError: CODEX_HOME points to "${home}", but Permission denied (os error 13)`,
  );
});
