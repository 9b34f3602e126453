import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  administratorFiles,
  codeCacheFolder,
  environmentWith,
  homeVariable,
  withDotEnv,
} from '../../src/cli/environment.js';

test.each<[NodeJS.Platform, string | undefined]>([
  ['linux', '/home/me'],
  ['darwin', '/home/me'],
  ['win32', undefined],
])('on %s the home folder is in the variable %s', (platform, home) => {
  expect(homeVariable({ HOME: '/home/me', USERPROFILE: 'C:\\Users\\me' }, platform)).toBe(home);
});

test.each<[NodeJS.Platform, Record<string, string>, string | undefined]>([
  ['linux', { HOME: '/home/me' }, '/home/me/.cache/codex-account-server'],
  ['linux', { HOME: '/home/me', XDG_CACHE_HOME: '/var/cache' }, '/var/cache/codex-account-server'],
  ['linux', { HOME: '/home/me', CODEX_ACCOUNT_SERVER_DISABLE: 'code-cache' }, undefined],
  ['darwin', { HOME: '/Users/me' }, '/Users/me/Library/Caches/codex-account-server'],
  [
    'win32',
    { LOCALAPPDATA: 'C:\\Users\\Zoë M\\AppData\\Local', HOME: '/c/Users/Zoë M' },
    'C:\\Users\\Zoë M\\AppData\\Local\\codex-account-server\\Cache',
  ],
  ['win32', { LOCALAPPDATA: 'AppData', XDG_CACHE_HOME: '/var/cache' }, undefined],
  ['win32', {}, undefined],
])('on %s with %j the code cache is in %s', (platform, environment, folder) => {
  expect(codeCacheFolder(environment, platform)).toBe(folder);
});

test('on Windows the files of the administrator are in ProgramData', () => {
  expect(administratorFiles({ PROGRAMDATA: 'D:\\Data' }, 'win32')).toEqual({
    config: 'D:\\Data\\OpenAI\\Codex\\config.toml',
    requirements: 'D:\\Data\\OpenAI\\Codex\\requirements.toml',
  });
  expect(administratorFiles({}, 'win32').config).toBe('C:\\ProgramData\\OpenAI\\Codex\\config.toml');
});

test('on Windows a variable replaces the one whose name differs in case', () => {
  const environment = { Path: 'C:\\Windows', Https_Proxy: 'http://a' };
  expect(environmentWith(environment, { https_proxy: 'http://b' }, 'win32')).toEqual({
    PATH: 'C:\\Windows',
    HTTPS_PROXY: 'http://b',
  });
  expect(environmentWith(environment, { https_proxy: 'http://b' }, 'linux')).toEqual({
    ...environment,
    https_proxy: 'http://b',
  });
});

test('on Windows .env replaces variables whose names differ in case', async () => {
  const home = mkdtempSync(join(tmpdir(), 'codex-home-'));
  try {
    writeFileSync(join(home, '.env'), 'all_proxy=http://b\n');
    const environment = { CODEX_HOME: home, All_Proxy: 'http://a' };
    expect(await withDotEnv(environment, 'win32')).toEqual({ CODEX_HOME: home, ALL_PROXY: 'http://b' });
  } finally {
    rmSync(home, { recursive: true });
  }
});
