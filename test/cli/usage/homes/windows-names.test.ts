import { expect, test } from 'vitest';
import { commandPrefix, namedHomes } from '../../../../src/cli/usage/homes/named.js';

const environment = { USERPROFILE: "C:\\Users\\Zoë O'Hara" };

test.each([
  ["C:\\Users\\Zoë O'Hara\\work\\", '~\\work'],
  ["C:\\Users\\Zoë O'Hara/work", '~/work'],
  ["C:\\Users\\Zoë O'Hara2", "C:\\Users\\Zoë O'Hara2"],
  ['C:\\', 'C:\\'],
  ['D:\\work', 'D:\\work'],
])('on Windows the home %s is shown as %s', (path, label) => {
  expect(namedHomes([path], environment, 'win32')).toEqual([{ position: 0, path, label }]);
});

test('on Windows the advice for a home is a line of PowerShell', () => {
  const path = "C:\\Users\\Zoë O'Hara\\work";
  const home = { position: 0, path, label: '~\\work' };
  expect(commandPrefix(home, 'win32')).toBe("$env:CODEX_HOME='C:\\Users\\Zoë O''Hara\\work'; ");
});
