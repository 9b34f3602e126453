import { expect, test } from 'vitest';
import { platformNames } from '../../../src/cli/identity/platform-names.js';

test.each<[NodeJS.Platform, string, string[]]>([
  ['linux', 'x64', ['unix', 'linux', 'x86_64']],
  ['linux', 'arm64', ['unix', 'linux', 'aarch64']],
  ['darwin', 'x64', ['unix', 'macos', 'x86_64']],
  ['darwin', 'arm64', ['unix', 'macos', 'arm64']],
  ['win32', 'x64', ['windows', 'windows', 'x86_64']],
  ['win32', 'arm64', ['windows', 'windows', 'aarch64']],
  ['freebsd', 'riscv64', ['unix', 'freebsd', 'riscv64']],
])('%s on %s', (platform, arch, names) => {
  const { platformFamily, platformOs, architecture } = platformNames(platform, arch);
  expect([platformFamily, platformOs, architecture]).toEqual(names);
});
