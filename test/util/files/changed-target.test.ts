import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareReplacement } from '../../../src/util/files/atomic-file.js';
import { unixTest } from '../../support/unix-test.js';

const options = { nowMs: () => Date.now(), random: Math.random, refusesHardLinks: true };

let root = '';
let folder = '';
let path = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'changed-target-'));
  folder = join(root, 'home');
  mkdirSync(folder);
  path = join(folder, 'auth.json');
  writeFileSync(path, 'old');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

unixTest('a file that becomes a link before the commit stays a link, and its target is replaced', () => {
  const replacement = prepareReplacement(path, options);
  const target = join(root, 'target.json');
  renameSync(path, target);
  symlinkSync(target, path);
  replacement.commit('new');
  expect([readlinkSync(path), readFileSync(target, 'utf8')]).toEqual([target, 'new']);
});

test('a folder that is replaced before the commit gets the new file', () => {
  const replacement = prepareReplacement(path, options);
  renameSync(folder, `${folder}-old`);
  mkdirSync(folder);
  replacement.commit('new');
  expect([readFileSync(path, 'utf8'), readFileSync(join(`${folder}-old`, 'auth.json'), 'utf8')]).toEqual([
    'new',
    'old',
  ]);
});

test('a file that gets a second name before the commit is refused', () => {
  const replacement = prepareReplacement(path, options);
  linkSync(path, join(root, 'second.json'));
  expect(() => replacement.commit('new')).toThrow('EMLINK');
  expect(readFileSync(path, 'utf8')).toBe('old');
});
