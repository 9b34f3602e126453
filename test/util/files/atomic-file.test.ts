import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareReplacement, ReadOnlyFileError, replaceFile } from '../../../src/util/files/atomic-file.js';
import { shownMode } from '../../support/files/shown-mode.js';
import { casesOf, isUnixCase, unixTest } from '../../support/unix-test.js';

const nowMs = Date.UTC(2026, 0, 1);
const options = { nowMs: () => nowMs, random: () => 0.5 };
const temporaryName = '.codex-account-server-800000000000.tmp';

let root = '';
let path = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atomic-file-'));
  path = join(root, 'auth.json');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function prepare(reserveBytes?: number) {
  return prepareReplacement(path, { ...options, ...(reserveBytes !== undefined && { reserveBytes }) });
}

describe('the new file', () => {
  test.each([
    ['longer than', 3],
    ['as long as', 5],
    ['shorter than', 4096],
    ['written without', 0],
  ])('the file holds only the text, %s the reserved space', (_what, reserveBytes) => {
    writeFileSync(path, 'the old text');
    prepare(reserveBytes).commit('néw');
    expect({ text: readFileSync(path, 'utf8'), names: readdirSync(root) }).toEqual({
      text: 'néw',
      names: ['auth.json'],
    });
  });

  test.each(['644', '600', '200', '777'])('the mode becomes 0600 from %s', (mode) => {
    writeFileSync(path, 'old');
    chmodSync(path, mode);
    replaceFile(path, 'new', options);
    expect(statSync(path).mode & 0o7777).toBe(shownMode(0o600));
  });

  test('a missing file is created', () => {
    replaceFile(path, 'new', options);
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o7777]).toEqual(['new', shownMode(0o600)]);
  });
});

describe('until the commit', () => {
  test('until the commit the old file is unchanged, and the space is reserved', () => {
    writeFileSync(path, 'old');
    const replacement = prepare(4096);
    const temporary = statSync(join(root, temporaryName));
    const seen = [readFileSync(path, 'utf8'), temporary.mode & 0o7777, temporary.size, temporary.blocks > 0];
    replacement.discard();
    expect(seen).toEqual(['old', shownMode(0o600), 4096, true]);
  });

  test('a discarded replacement leaves no file, even if it is discarded twice', () => {
    writeFileSync(path, 'old');
    const replacement = prepare();
    replacement.discard();
    replacement.discard();
    expect(() => replacement.commit('new')).toThrow('the replacement has ended');
    expect([readFileSync(path, 'utf8'), readdirSync(root)]).toEqual(['old', ['auth.json']]);
  });

  test('a process that has the old file open continues to read it', () => {
    writeFileSync(path, 'old');
    linkSync(path, join(root, 'kept'));
    replaceFile(path, 'new', options);
    expect([readFileSync(join(root, 'kept'), 'utf8'), readFileSync(path, 'utf8')]).toEqual(['old', 'new']);
  });
});

unixTest.each([
  ['a file', true],
  ['a missing file', false],
])('a chain of symbolic links to %s stays, and its target is replaced', (_what, isThere) => {
  mkdirSync(join(root, 'far', 'away'), { recursive: true });
  const target = join(root, 'far', 'login.json');
  if (isThere) writeFileSync(target, 'old');
  symlinkSync('../login.json', join(root, 'far', 'away', 'link'));
  symlinkSync(join('far', 'away', 'link'), path);
  replaceFile(path, 'new', options);
  expect({
    link: readlinkSync(path),
    target: [lstatSync(target).isFile(), readFileSync(target, 'utf8')],
    besideTarget: readdirSync(join(root, 'far')),
  }).toEqual({
    link: 'far/away/link',
    target: [true, 'new'],
    besideTarget: ['away', 'login.json'],
  });
});

describe('files that cannot be replaced', () => {
  const all: [what: string, code: string, make: () => unknown][] = [
    ['a directory', 'EISDIR', () => mkdirSync(path)],
    ['a link to a device', 'EINVAL', () => symlinkSync('/dev/null', path)],
    ['a link to itself', 'ELOOP', () => symlinkSync('auth.json', path)],
    ['in a folder that is not there', 'ENOENT', () => (path = join(root, 'absent', 'auth.json'))],
    [
      'in a folder that is a file',
      'ENOTDIR',
      () => (writeFileSync(path, ''), (path = join(path, 'auth.json'))),
    ],
  ];
  // Windows does not say why there is nothing below a file.
  const possible = casesOf(all, ([what, code]) => !isUnixCase(what) && code !== 'ENOTDIR');

  test.each(possible)('%s cannot be replaced: %s', (_what, code, make) => {
    make();
    const found = () => [readdirSync(root), existsSync('/dev/null')];
    const before = found();
    expect(() => prepare()).toThrow(expect.objectContaining({ code, errno: expect.any(Number) }));
    expect(found()).toEqual(before);
  });

  test.each(['444', '400', '040', '000'])('a file of mode %s is read-only, even for root', (mode) => {
    writeFileSync(path, 'old');
    chmodSync(path, mode);
    const caught = catchError(() => prepare());
    expect(caught).toBeInstanceOf(ReadOnlyFileError);
    expect(caught).toMatchObject({ code: 'EACCES', errno: -13 });
    expect(readdirSync(root)).toEqual(['auth.json']);
  });

  test('a commit that fails leaves neither a temporary file nor a partial text', () => {
    const replacement = prepare();
    mkdirSync(path);
    expect(() => replacement.commit('new')).toThrow(expect.objectContaining({ code: 'EISDIR' }));
    expect([readdirSync(root), readdirSync(path)]).toEqual([['auth.json'], []]);
  });
});

unixTest('no descriptor stays open after a commit, a discard or a failure', () => {
  const openBefore = readdirSync('/proc/self/fd').length;
  replaceFile(path, 'new', options);
  prepare(10).discard();
  chmodSync(path, 0o444);
  expect(() => prepare()).toThrow(ReadOnlyFileError);
  writeFileSync(join(root, temporaryName), '');
  chmodSync(path, 0o600);
  expect(() => prepare()).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect(readdirSync('/proc/self/fd')).toHaveLength(openBefore);
});

test('only our temporary files that are older than ten minutes are removed', () => {
  const mine = ['.codex-account-server-0123456789ab.tmp', '.codex-account-server-aaaaaaaaaaaa.tmp'] as const;
  const others = ['.auth-x1y2z3', '.codex-account-server-0123456789ab.tmp~', 'config.toml'];
  for (const [index, name] of [...mine, ...others].entries()) {
    writeFileSync(join(root, name), '');
    const ageMs = index === 1 ? 9 * 60_000 : 11 * 60_000;
    utimesSync(join(root, name), (nowMs - ageMs) / 1000, (nowMs - ageMs) / 1000);
  }
  prepare().discard();
  expect(readdirSync(root).toSorted()).toEqual([mine[1], ...others].toSorted());
});

function catchError(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
