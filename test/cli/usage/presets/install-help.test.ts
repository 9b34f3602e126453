import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetNames, streamedPresets } from '../../../../src/cli/usage/presets/names.js';
import { withUsage } from '../fixture.js';
import { unixTest } from '../../../support/unix-test.js';

const execute = promisify(execFile);
const page = readFileSync('src/cli/usage/presets/README.md', 'utf8');

let bin = '';
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'install-'));
  if (process.platform !== 'win32') symlinkSync(resolve('dist/main.cjs'), join(bin, 'codex-account-server'));
});
afterAll(() => rmSync(bin, { recursive: true }));

unixTest.each(presetNames)('--install-help of %s prints the lines of its page', async (preset) => {
  const { stdout, stderr } = await execute(
    'codex-account-server',
    ['usage', '--preset', preset, '--install-help'],
    { env: { PATH: [bin, process.env.PATH].join(delimiter), HOME: bin } },
  );
  const block = new RegExp(`^## ${preset}\n.*?^\`\`\`\\w+\n(.*?)^\`\`\``, 'ms').exec(page)?.[1];
  const usual = stdout.replaceAll(process.execPath, '/usr/bin/node').replaceAll(bin, '/usr/local/bin');
  expect([usual, stderr]).toEqual([block, '']);
});

unixTest('the lines have the other options, and whole paths if PATH does not find the program', () =>
  withUsage({}, async ({ run, backend, home }) => {
    const { exitCode, stdout } = await run(
      ...['--preset', 'polybar', '--install-help', '--format', "it's {tightest}%", '--limit', 'x'],
    );
    expect([exitCode, stdout.split('\n')[3]]).toEqual([
      0,
      `exec = env CODEX_HOME=${home} /opt/node/bin/node /opt/codex/codex-account-server usage --preset polybar --format 'it'\\''s {tightest}%' --limit x`,
    ]);
    expect(backend.requests).toEqual([]);
  }),
);

test.each([
  ['waybar', '"restart-interval": 60'],
  ['polybar', 'tail = true'],
  ['i3blocks', 'interval=persist\nformat=json'],
])('with --watch the lines of %s are for a stream', (preset, line) =>
  withUsage({}, async ({ run }) => {
    expect(streamedPresets).toContain(preset);
    const { stdout } = await run('--preset', preset, '--watch', '--install-help');
    expect(stdout).toContain(line);
    expect(stdout).toContain(`usage --preset ${preset} --watch`);
    expect(stdout).not.toMatch(/\binterval("?: | = |=)30/);
  }),
);
