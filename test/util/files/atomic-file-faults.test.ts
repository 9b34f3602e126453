import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from '../../../src/util/files/atomic-file.js';
import { mounting, whyNotMounting } from '../../support/files/mounting.js';
import { builtModule, startScript } from '../../support/processes/script-process.js';

let root = '';
let path = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atomic-file-faults-'));
  path = join(root, 'auth.json');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const importing = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { dirname } from 'node:path';
  import { prepareReplacement, replaceFile } from '${builtModule('util/files/atomic-file.js')}';
  const path = process.argv[1];
  const options = { nowMs: Date.now, random: Math.random };
`;

/** Prepares a replacement of 64 KiB, and prints the result and the remaining files. */
const preparing = `${importing}
  let code = 'prepared';
  try {
    prepareReplacement(path, { ...options, reserveBytes: 65536 }).discard();
  } catch (error) {
    code = error.code;
  }
  console.log(JSON.stringify({ code, names: readdirSync(dirname(path)), text: readFileSync(path, 'utf8') }));
`;

/** Runs `preparing` after the shell commands in `before`, which see the folder as $1. */
function prepareAfter(before: string, launcher: readonly string[] = []): unknown {
  const args = [...launcher, 'sh', '-c', `${before}; exec "$2" --input-type=module -e "$3" -- "$4"`];
  const result = spawnSync('env', [...args, 'sh', root, process.execPath, preparing, path], {
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

test('a file size limit is noticed before data is lost', () => {
  writeFileSync(path, 'old');
  expect(prepareAfter('ulimit -f 8')).toEqual({ code: 'EFBIG', names: ['auth.json'], text: 'old' });
});

test.skipIf(!mounting)(`a full disk is noticed before data is lost${whyNotMounting}`, () => {
  const full = 'mount -t tmpfs -o size=32k tmpfs "$1" && printf old > "$1/auth.json"';
  expect(prepareAfter(full, mounting)).toEqual({ code: 'ENOSPC', names: ['auth.json'], text: 'old' });
});

test.skipIf(!mounting)(`a read-only file system is noticed${whyNotMounting}`, () => {
  writeFileSync(path, 'old');
  const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"';
  expect(prepareAfter(readOnly, mounting)).toEqual({ code: 'EROFS', names: ['auth.json'], text: 'old' });
});

test.skipIf(!mounting)(`a file that is a mount point cannot be replaced${whyNotMounting}`, () => {
  writeFileSync(path, '');
  const alone =
    'mkdir "$1/m" && mount -t tmpfs tmpfs "$1/m" && printf old > "$1/m/f" && mount --bind "$1/m/f" "$1/auth.json"' +
    ' && umount -l "$1/m" && rmdir "$1/m"';
  expect(prepareAfter(alone, mounting)).toEqual({ code: 'EBUSY', names: ['auth.json'], text: 'old' });
});

test.skipIf(!mounting)(
  `a file of the same file system that is a mount point is noticed${whyNotMounting}`,
  () => {
    writeFileSync(path, 'old');
    const alone = 'mkdir "$1/m" && printf mounted > "$1/m/f" && mount --bind "$1/m/f" "$1/auth.json"';
    expect(prepareAfter(alone, mounting)).toMatchObject({ code: 'EBUSY', text: 'mounted' });
  },
);

/** Replaces the file repeatedly by versions of very different lengths. */
const replacing = `${importing}
  for (let version = 0; ; version += 1) {
    replaceFile(path, JSON.stringify({ length: (version * 7919) % 100_000, text: 'x'.repeat((version * 7919) % 100_000) }), options);
    if (version === 0) console.log('begun');
  }
`;

test('a process that is killed while it replaces the file leaves a complete version, fifty times', async () => {
  const versions: { length: number; isWhole: boolean }[] = [];
  for (let time = 0; time < 50; time += 1) {
    const script = startScript(replacing, [path]);
    await script.nextLine();
    // Each kill comes after a different number of turns of the event loop.
    for (let round = 0; round < time * 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
    await script.kill();
    const { length, text } = JSON.parse(readFileSync(path, 'utf8')) as { length: number; text: string };
    versions.push({ length, isWhole: text === 'x'.repeat(length) });
  }
  expect(versions.filter(({ isWhole }) => !isWhole)).toEqual([]);
  // Eleven minutes later the next writer removes the temporary files of the killed processes.
  replaceFile(path, 'new', { nowMs: () => Date.now() + 11 * 60_000, random: () => 0 });
  expect([readdirSync(root), readFileSync(path, 'utf8')]).toEqual([['auth.json'], 'new']);
}, 60_000);
