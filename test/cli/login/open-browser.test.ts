import { expect, test } from 'vitest';
import { browserCommand } from '../../../src/cli/login/open-browser.js';

const url = 'https://auth.example/authorize?a=1&b=%20';

test.each<[NodeJS.Platform, Record<string, string>, string[] | undefined]>([
  ['linux', {}, undefined],
  ['linux', { DISPLAY: ':0' }, ['xdg-open', url]],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', url]],
  ['darwin', {}, ['open', url]],
  [
    'win32',
    { SYSTEMROOT: 'D:\\Win' },
    ['D:\\Win\\System32\\rundll32.exe', 'url.dll,FileProtocolHandler', url],
  ],
  ['win32', {}, ['C:\\Windows\\System32\\rundll32.exe', 'url.dll,FileProtocolHandler', url]],
])('on %s with %j a page is opened by %j', (platform, environment, command) => {
  expect(browserCommand(url, environment, platform)).toEqual(command);
});
