import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from '../../../src/util/files/atomic-file.js';
import { replaceOwnFile } from '../../../src/util/files/own-file.js';
import {
  canFail,
  createFailingFiles,
  type FailingFiles,
  whyNotFailing,
} from '../../support/files/failing-files.js';
import { builtModule, startScript } from '../../support/processes/script-process.js';

let root = '';
let path = '';
let failing: FailingFiles | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'in-use-'));
  path = join(root, 'auth.json');
  writeFileSync(path, 'old');
});

afterEach(() => {
  failing?.remove();
  failing = undefined;
  rmSync(root, { recursive: true });
});

/**
 * A file that must survive a power cut, and one that can be made again, with how often they try to replace it. Windows
 * has other tests: there the second tries as often as the first.
 */
const kinds = [
  ['replaceFile', 101],
  ['replaceOwnFile', 1],
] as const;

const replacing = `
  import { replaceFile } from '${builtModule('util/files/atomic-file.js')}';
  import { replaceOwnFile } from '${builtModule('util/files/own-file.js')}';
  try {
    const replace = { replaceFile, replaceOwnFile }[process.argv[2]];
    replace(process.argv[1], 'new', { nowMs: Date.now, random: Math.random });
    console.log('replaced');
  } catch (error) {
    console.log(error.code);
  }
`;

/** Replaces the file in a process whose files fail. Returns what it prints, and what is in the folder then. */
function replaceFailing(
  { environment }: FailingFiles,
  kind: (typeof kinds)[number][0] = 'replaceFile',
): unknown {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', replacing, '--', path, kind], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return { printed: stdout.trim(), text: readFileSync(path, 'utf8'), names: readdirSync(root) };
}

const names = ['auth.json'];

test.skipIf(!canFail).each(['EPERM', 'EACCES', 'EBUSY'] as const)(
  `a file is replaced after three failures with %s${whyNotFailing}`,
  (error) => {
    failing = createFailingFiles(root);
    failing.plan({ step: 'rename', skip: 0, times: 3, error });
    expect(replaceFailing(failing)).toEqual({ printed: 'replaced', text: 'new', names });
    expect(failing.failures()).toBe(3);
  },
);

test.skipIf(!canFail).each(kinds)(
  `%s: a file that stays in use is an error, and the old content stays${whyNotFailing}`,
  (kind, attempts) => {
    failing = createFailingFiles(root);
    failing.plan({ step: 'rename', skip: 0, times: 1_000, error: 'EBUSY' });
    expect(replaceFailing(failing, kind)).toEqual({ printed: 'EBUSY', text: 'old', names });
    expect(failing.failures()).toBe(attempts);
  },
);

test.skipIf(!canFail)(`another error ends a replacement at once${whyNotFailing}`, () => {
  failing = createFailingFiles(root);
  failing.plan({ step: 'rename', skip: 0, times: 1, error: 'EIO' });
  expect(replaceFailing(failing)).toEqual({ printed: 'EIO', text: 'old', names });
});

test.skipIf(!canFail)(
  `a folder that cannot be synchronised after the replacement is not an error${whyNotFailing}`,
  () => {
    failing = createFailingFiles(root);
    // The first two are those of the file.
    failing.plan({ step: 'sync', skip: 2, times: 1, error: 'EIO' });
    expect(replaceFailing(failing)).toEqual({ printed: 'replaced', text: 'new', names });
    expect(failing.failures()).toBe(1);
  },
);

/** Has the file open for a moment, as a scanner does. */
const reading = `
  import { closeSync, openSync } from 'node:fs';
  const descriptor = openSync(process.argv[1], 'r');
  console.log('open');
  setTimeout(() => closeSync(descriptor), 500);
`;

test.each(kinds)('%s: a file that another program has open for a moment is replaced', async (kind) => {
  const reader = startScript(reading, [path]);
  await reader.nextLine();
  const replace = { replaceFile, replaceOwnFile }[kind];
  replace(path, 'new', { nowMs: Date.now, random: Math.random });
  expect(readFileSync(path, 'utf8')).toBe('new');
});
