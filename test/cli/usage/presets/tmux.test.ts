import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createDevHome } from '../../../../src/dev-backend/home.js';
import { startDevBackend } from '../../../../src/dev-backend/server.js';
import { usageOf } from '../fixture.js';

// In a tmux on the screen of another one, because it runs the commands of a status line only for a terminal.

const execute = promisify(execFile);
const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) process.stderr.write('tmux: not installed, so its preset is not tried in it\n');

/** Returns the status line of a tmux with the lines of `--install-help`, with its colours. */
async function statusLine(pattern: RegExp, percent: number, ...options: string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tmux-'));
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  const window = {
    used_percent: percent,
    limit_window_seconds: 604_800,
    reset_at: Date.now() / 1000 + 345_600,
  };
  backend.script('usage', { body: usageOf(window) });
  const run = async (program: string, ...words: string[]): Promise<string> => {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      CODEX_HOME: home.path,
      TERM: 'xterm',
      LANG: 'C.UTF-8',
    };
    return (await execute(program, words, { cwd: folder, env })).stdout;
  };
  const configuration = join(folder, 'tmux.conf');
  const command = ['usage', '--preset', 'tmux', '--install-help', ...options];
  const outer = ['-S', join(folder, 'outer'), '-f', '/dev/null'];
  const inner = ['-S', join(folder, 'inner'), '-f', configuration];
  try {
    await run(process.execPath, resolve('dist/main.cjs'), 'usage');
    const lines = await run(process.execPath, resolve('dist/main.cjs'), ...command);
    writeFileSync(configuration, `${lines}set -g status-left ''\nset -g status-right-length 190\n`);
    const shown = ['env -u TMUX tmux', ...inner, 'new-session', 'sleep 60'].map((word) =>
      word.replace(/^sleep.*/, "'$&'"),
    );
    await run('tmux', ...outer, 'new-session', '-d', '-x', '200', '-y', '5', shown.join(' '));
    for (;;) {
      const screen = await run('tmux', ...outer, 'capture-pane', '-p', '-e');
      const line = pattern.exec(screen)?.[0];
      if (line !== undefined) return line;
      await pause(50);
    }
  } finally {
    // The other one ends with it, unless it has not started it yet.
    await run('tmux', ...inner, 'kill-server').catch(() => run('tmux', ...outer, 'kill-server'));
    await backend.close();
    home.remove();
    rmSync(folder, { recursive: true });
  }
}

test.runIf(hasTmux)('tmux shows the line in the colour of its level', async () => {
  // Red, then the black of the status line.
  expect(await statusLine(/codex .*95%.*\d\d:\d\d/, 95)).toMatch(
    /^codex \u001b\[31mweek 95% used\u001b\[30m \| \d\d:\d\d$/,
  );
});

test.runIf(hasTmux)('tmux shows a text with its own syntax as it is, and runs nothing of it', async () => {
  const text = '100% #[fg=blue]x #{pane_id} #(echo ran) # "q" $HOME `y`';
  const line = await statusLine(
    /codex .*65.*\d\d:\d\d/,
    65,
    '--format',
    `${text.replace(/[{}]/g, '$&$&')} {tightest}`,
  );

  expect(line.replace(/\u001b\[\d+m/g, '')).toContain(`codex ${text} 65 | `);
});
