import { expect, test } from 'vitest';
import { systemName } from '../../../src/cli/identity/system-name.js';

const macFile = '/System/Library/CoreServices/SystemVersion.plist';

function nameOf(platform: NodeJS.Platform, files: Record<string, string>): string {
  return systemName({ platform, release: () => '10.0.26200', textOf: (path) => files[path] ?? '' });
}

test.each([
  ['ID=debian\nVERSION_ID="12"\n', 'Debian 12.0.0'],
  ['NAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\n', 'Ubuntu 22.4.0'],
  ['ID="alpine"\nVERSION_ID=3.17.1\n', 'Alpine Linux 3.17.1'],
  ['ID=arch\n', 'Arch Linux Unknown'],
  ['ID=nixos\nVERSION_ID="24.05.1234.abcd"\n', 'NixOS 24.05.1234.abcd'],
  ['ID="ol"\r\nVERSION_ID="9.2"\r\n', 'Oracle Linux 9.2.0'],
  ['ID_LIKE=debian\n#ID=debian\n ID=debian\n', 'Linux Unknown'],
  ['ID=someother\nVERSION_ID=1\n', 'Linux Unknown'],
  ['', 'Linux Unknown'],
])('the os-release %j is %s', (osRelease, name) => {
  expect(nameOf('linux', { '/etc/os-release': osRelease })).toBe(name);
});

test.each([
  ['15.1', 'Mac OS 15.1.0'],
  ['26.5.1', 'Mac OS 26.5.1'],
])('version %s of a Mac is %s', (version, name) => {
  const plist = `<plist><dict>
    <key>ProductName</key><string>macOS</string>
    <key>ProductVersion</key>
    <string>${version}</string></dict></plist>`;
  expect(nameOf('darwin', { [macFile]: plist })).toBe(name);
});

test('a Mac without the file has an unknown version', () => {
  expect(nameOf('darwin', {})).toBe('Mac OS Unknown');
});

test('the version of Windows is its release', () => {
  expect(nameOf('win32', {})).toBe('Windows 10.0.26200');
});
