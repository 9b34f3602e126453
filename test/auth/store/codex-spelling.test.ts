import { expect, test } from 'vitest';
import { codexSpelling } from '../../../src/auth/store/keyring.js';

test.each<[NodeJS.Platform, string, string]>([
  ['linux', '/home/me/.codex', '/home/me/.codex'],
  ['win32', 'C:\\Users\\Zoë M\\.codex', '\\\\?\\C:\\Users\\Zoë M\\.codex'],
  ['win32', '\\\\server\\share\\.codex', '\\\\?\\UNC\\server\\share\\.codex'],
  ['win32', '\\\\?\\D:\\codex', '\\\\?\\D:\\codex'],
])('on %s the home %s is hashed as %s', (platform, path, spelling) => {
  expect(codexSpelling(path, platform)).toBe(spelling);
});
