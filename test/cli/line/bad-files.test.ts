import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shells, withLine } from './fixture.js';

const format = '{plan} {window:300}%';
const right = { code: 0, stdout: 'pro 100%\n', stderr: '' };
const isRoot = process.getuid?.() === 0;

type Damage = (path: string) => void;

const change =
  (replace: (text: string) => string): Damage =>
  (path) =>
    writeFileSync(path, replace(readFileSync(path, 'utf8')));

/** Replaces a word of the first line: the time of the read is 2, until when it holds 3. */
const word = (position: number, value: string): Damage =>
  change((text) =>
    text
      .split(' ')
      .map((old, index) => (index === position ? value : old))
      .join(' '),
  );

const replacedBy =
  (create: (path: string, old: string) => void): Damage =>
  (path) => {
    renameSync(path, `${path}.real`);
    create(path, `${path}.real`);
  };

const folderOf = (path: string): string => join(path, '..');

/** Each would print `wrong` if it was used. */
const damages: readonly (readonly [string, Damage])[] = [
  ['half a file', change((text) => text.slice(0, -3))],
  ['an empty file', change(() => '')],
  ['a file of zeros', change((text) => '\0'.repeat(text.length))],
  ['a newer format', word(1, '2')],
  ['a time in the future', word(2, '9999999999')],
  ['a time that is a command', word(2, 'a[$(touch${IFS}/tmp/codex-account-line-injected)]')],
  ['an octal time', word(2, '0123')],
  ['an end of too many digits', word(3, '99999999999999999999')],
  ['an end that is a name', word(3, 'now')],
  ['another size of the login', word(4, '1')],
  ['another inode of the login', word(6, '1')],
  ['another epoch', change((text) => text.replace(/\S+\n/, 'x\n'))],
  ['no epoch', (path) => rmSync(join(folderOf(path), 'limits-epoch'))],
  [
    'no epoch, and none in the line',
    (path) => {
      change((text) => text.replace(/ \S+\n/, '\n'))(path);
      rmSync(join(folderOf(path), 'limits-epoch'));
    },
  ],
  ['a file above 8 KiB', change((text) => text.replace('wrong', `wrong${'x'.repeat(8192)}`))],
  ['a file that others can write to', (path) => chmodSync(path, 0o622)],
  ['a folder that others can write to', (path) => chmodSync(folderOf(path), 0o770)],
  ['a link to a file', replacedBy((path, old) => symlinkSync(old, path))],
  ['a folder', replacedBy((path) => mkdirSync(path))],
  ['a FIFO', replacedBy((path) => void execFileSync('mkfifo', [path]))],
  [
    'a link to the folder',
    (path) => {
      renameSync(folderOf(path), `${folderOf(path)}-real`);
      symlinkSync(`${folderOf(path)}-real`, folderOf(path));
    },
  ],
  [
    'a try that is a FIFO',
    (path) => {
      word(2, '1')(path);
      execFileSync('mkfifo', [`${path}.try`]);
    },
  ],
  ...(isRoot
    ? ([
        ['a file of another user', (path) => chownSync(path, 65_534, 65_534)],
        ['a folder of another user', (path) => chownSync(folderOf(path), 65_534, 65_534)],
      ] as const satisfies (readonly [string, Damage])[])
    : []),
];

describe.each(shells)('%s', (shell) => {
  test.each(damages)('%s is not used', (_, damage) =>
    withLine({}, async ({ line, path }) => {
      await line([format], { shell });
      const stored = path();
      change((text) => text.replace('pro 100%', 'wrong'))(stored);
      expect((await line([format], { shell })).stdout).toBe('wrong\n');
      damage(stored);
      expect(await line([format], { shell })).toEqual(right);
      expect(readdirSync('/tmp')).not.toContain('codex-account-line-injected');
    }),
  );
});

test('a folder that cannot be made: each prompt waits for usage', () =>
  withLine({}, async ({ line, folder, starts }) => {
    writeFileSync(folder, '');
    expect(await line([format])).toEqual(right);
    expect(await line([format])).toEqual(right);
    expect(await starts(2)).toBe(2);
  }));

test('a try in the future does not count', () =>
  withLine({}, async ({ line, path, age, starts }) => {
    await line([format]);
    writeFileSync(`${path()}.try`, '9999999999\n');
    age(61);
    expect((await line([format])).stdout).toBe(`~${right.stdout}`);
    expect(await starts(2)).toBe(2);
    expect(readdirSync(join(path(), '..')).filter((name) => name.endsWith('.try'))).toEqual([]);
  }));

test('lines that nobody has asked for in a week are removed, and others above sixteen', () =>
  withLine({}, async ({ line, folder }) => {
    await line([format]);
    const now = Date.now() / 1000;
    const create = (name: string, ageSecs: number): void => {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), now - ageSecs, now - ageSecs);
    };
    for (let count = 1; count <= 20; count += 1) create(`line-${count}-1`, count * 60);
    create('line-100-1.try', 8 * 86_400);
    create('line-of-somebody', 8 * 86_400);
    await line(['{plan}']);
    const left = readdirSync(folder).filter((name) => name.startsWith('line-'));
    expect(left).toContain('line-of-somebody');
    expect(left).not.toContain('line-100-1.try');
    // Of those above, fourteen: two are of this test.
    expect(left.filter((name) => /^line-\d+-1$/.test(name)).toSorted()).toEqual(
      Array.from({ length: 14 }, (_, index) => `line-${index + 1}-1`).toSorted(),
    );
    expect(readdirSync(folder)).toContain('limits-epoch');
    for (const name of left) utimesSync(join(folder, name), now - 8 * 86_400, now - 8 * 86_400);
    await line(['{permission}']);
    expect(readdirSync(folder).filter((name) => /^line-\d/.test(name))).toHaveLength(1);
  }));

test('a line of more than 4 KiB is printed and not stored', () =>
  withLine({}, async ({ line, folder }) => {
    const long = 'x'.repeat(4096);
    expect((await line([long])).stdout).toBe(`${long}\n`);
    expect((await line([long])).stdout).toBe(`${long}\n`);
    expect(readdirSync(folder).filter((name) => /^line-[\d-]+$/.test(name))).toEqual([]);
  }));
