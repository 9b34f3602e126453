import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { createDevHome } from '../../../../src/dev-backend/home.js';
import { startDevBackend } from '../../../../src/dev-backend/server.js';
import { createSimulatedClock } from '../../../support/clocks/simulated-clock.js';
import { usageOf, withUsage } from '../fixture.js';
import { body, now, rateLimit, windowOf } from '../shapes.js';
import { grammars } from './grammars.js';

const week = (percent: number): object => body(rateLimit(windowOf(percent, 604_800, now + 345_600)));

test('--watch prints a line for each change, and a stale one after a failure', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start, backend }) => {
    backend.script('usage', { body: week(65) });
    const { stdout, stop, exitCode } = start(['--preset', 'waybar', '--watch']);
    const shown = (): string[] =>
      stdout
        .text()
        .split('\n')
        .slice(0, -1)
        .map((line) => grammars.waybar(`${line}\n`))
        .map(({ text, classes = [] }) => [text, ...classes].join(', '));
    await stdout.until(/65/);
    backend.script('usage', { body: week(80) });
    await clock.runUntil(() => stdout.text().includes('80'));
    backend.script('usage', { status: 418, body: {} });
    await clock.runUntil(() => stdout.text().includes('stale'));
    const changes = shown().filter((line, index, all) => line !== all[index - 1]);
    expect(changes).toEqual([
      'week 65% used, ok',
      'week 80% used, low',
      expect.stringMatching(/^week 80% used \(\d+ (s|min) old\), low, stale$/),
    ]);
    stop();
    expect(await exitCode).toBe(0);
  });
});

test.each([
  ['i3blocks', '{"full_text":"codex week 65% used","short_text":"65%","color":"#3fa55b"}\n'],
  ['polybar', '%{F#3fa55b}week 65% used%{F-}\n'],
])('a line of the stream for %s', async (preset, line) => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start, backend }) => {
    backend.script('usage', { body: week(65) });
    const { stdout, stop, exitCode } = start(['--preset', preset, '--watch', '--exit-code']);
    await stdout.until(/65/);
    stop();
    expect([await exitCode, stdout.text()]).toEqual([0, line]);
  });
});

const hasI3blocks = spawnSync('i3blocks', ['-V']).status === 0;
if (!hasI3blocks) process.stderr.write('i3blocks: not installed, so its preset is not tried in it\n');

test.runIf(hasI3blocks).each([[[]], [['--watch']]])('i3blocks shows the block, with %j', async (options) => {
  const folder = mkdtempSync(join(tmpdir(), 'i3blocks-'));
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  const window = { used_percent: 95, limit_window_seconds: 604_800, reset_at: Date.now() / 1000 + 345_600 };
  backend.script('usage', { body: usageOf(window) });
  const env = { PATH: process.env.PATH, HOME: folder, CODEX_HOME: home.path };
  const command = ['dist/main.cjs', 'usage', '--preset', 'i3blocks', '--install-help', ...options];
  const lines = spawnSync(process.execPath, command, { env, encoding: 'utf8' }).stdout;
  writeFileSync(join(folder, 'config'), lines);
  // A group of its own, which ends with its commands.
  const i3blocks = spawn('i3blocks', ['-c', join(folder, 'config')], { env, detached: true });
  try {
    let block: unknown;
    for await (const line of createInterface(i3blocks.stdout)) {
      if (!line.includes('week')) continue;
      block = (JSON.parse(line.replace(/^,/, '')) as unknown[]).at(-1);
      break;
    }
    expect(block).toMatchObject({
      ...{ name: 'codex', full_text: 'codex week 95% used', short_text: '95%', color: '#e5534b' },
    });
  } finally {
    process.kill(-(i3blocks.pid ?? NaN));
    await once(i3blocks, 'exit');
    await backend.close();
    home.remove();
    rmSync(folder, { recursive: true });
  }
});
