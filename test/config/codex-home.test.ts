import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CodexHomeError, resolveCodexHome } from '../../src/config/codex-home.js';
import { osErrorText } from '../../src/util/files/os-error.js';
import { casesOf, isUnixCase, unixTest } from '../support/unix-test.js';

let root = '';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'codex-home-')));
  mkdirSync(join(root, 'there'));
  writeFileSync(join(root, 'file'), '');
  symlinkSync(join(root, 'there'), join(root, 'link'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Returns the path of that name below the folder of the test. */
function at(name: string): string {
  return `${root}${sep}${name}`;
}

test.each(
  casesOf(['there', 'there/', 'there/../there', 'link', 'link/', './there'], (name) => !isUnixCase(name)),
)('CODEX_HOME %s is resolved', (name) => {
  expect(resolveCodexHome(at(name), at('home'))).toBe(at('there'));
});

test('a relative CODEX_HOME is resolved from the working directory', () => {
  expect(resolveCodexHome(relative(process.cwd(), at('there')), at('home'))).toBe(at('there'));
});

test.each([undefined, ''])('with CODEX_HOME %j the default folder in HOME is created', (codexHome) => {
  expect(resolveCodexHome(codexHome, root)).toBe(at('.codex'));
  expect(existsSync(at('.codex'))).toBe(true);
});

unixTest('an existing default folder is resolved and used unchanged', () => {
  symlinkSync(at('there'), at('.codex'));
  expect(resolveCodexHome(undefined, root)).toBe(at('there'));
});

const unusable: (readonly [name: string, reason: string])[] = [
  ['nowhere', 'that path does not exist'],
  ['file', 'that path is not a directory'],
  ['file/below', 'that path is not a directory'],
];

// Windows does not say why there is nothing below a file.
test.each(casesOf(unusable, ([name]) => name !== 'file/below'))(
  'CODEX_HOME %s cannot be used and is not created',
  (name, reason) => {
    expect(() => resolveCodexHome(at(name), at('home'))).toThrow(
      new CodexHomeError(`CODEX_HOME points to ${JSON.stringify(at(name))}, but ${reason}`),
    );
    expect([existsSync(at('nowhere')), existsSync(at('home'))]).toEqual([false, false]);
  },
);

unixTest('a CODEX_HOME that is a link to itself is refused with the text of the C library', () => {
  symlinkSync(at('loop'), at('loop'));
  const reason = osErrorText('ELOOP');
  expect(() => resolveCodexHome(at('loop'), at('home'))).toThrow(
    new CodexHomeError(`CODEX_HOME points to ${JSON.stringify(at('loop'))}, but ${reason}`),
  );
});

test('a tilde is an ordinary name', () => {
  expect(() => resolveCodexHome('~/.codex', root)).toThrow(
    new CodexHomeError('CODEX_HOME points to "~/.codex", but that path does not exist'),
  );
});

test('a default folder that cannot be created is an error', () => {
  expect(() => resolveCodexHome(undefined, at('file'))).toThrow(
    new CodexHomeError(
      `cannot create ${JSON.stringify(join(at('file'), '.codex'))}: that path is not a directory`,
    ),
  );
});
