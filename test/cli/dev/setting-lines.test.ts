import { expect, test } from 'vitest';
import { settingLines } from '../../../src/cli/dev/setting-lines.js';

const variables = {
  CODEX_HOME: "C:\\Users\\O'Hara & Co\\home",
  CODEX_AUTHAPI_BASE_URL: 'http://127.0.0.1:1',
};

test('the line for a Unix shell', () => {
  expect(settingLines({ A: '/tmp/x', B: "it's" }, 'linux')).toEqual(["export A=/tmp/x B='it'\\''s'"]);
});

test('the lines for the shells of Windows', () => {
  expect(settingLines(variables, 'win32')).toEqual([
    'PowerShell:',
    "$env:CODEX_HOME='C:\\Users\\O''Hara & Co\\home'; $env:CODEX_AUTHAPI_BASE_URL='http://127.0.0.1:1'",
    'cmd:',
    'set "CODEX_HOME=C:\\Users\\O\'Hara & Co\\home" & set "CODEX_AUTHAPI_BASE_URL=http://127.0.0.1:1"',
    'A Unix shell, such as Git Bash:',
    "export CODEX_HOME='C:\\Users\\O'\\''Hara & Co\\home' CODEX_AUTHAPI_BASE_URL=http://127.0.0.1:1",
  ]);
});
