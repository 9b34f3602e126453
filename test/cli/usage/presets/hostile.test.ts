import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { presetNames } from '../../../../src/cli/usage/presets/names.js';
import { createManualClock } from '../../../support/clocks/manual-clock.js';
import { withUsage } from '../fixture.js';
import { body, now, rateLimit, windowOf } from '../shapes.js';
import { grammars } from './grammars.js';

// Texts of the backend and of the user that have a meaning in a program.

const clock = createManualClock();

const texts = {
  'styles of tmux and zellij': '#[fg=red]x#[default] ##[bg=blue]# #{pane_id} #(reboot)',
  'tags of polybar': '%{F#f00}%{A1:reboot:}%output% %%{T9}',
  'markup of Pango': '<b>&amp;</b> & < "quoted" \'single\'',
  'parameters of SwiftBar': '--- | bash=/bin/sh param1=-c terminal=false || :smile:',
  'syntax of a shell': '\'; reboot #`reboot`$(reboot) \\ "',
  'lines and escapes': 'one\ntwo\r\n---\n\u001b[31mred\u001b]0;title\u0007 \u202ereversed\u2028end',
  nothing: ' ',
  'a long name': 'Überlang '.repeat(100),
};

const window = windowOf(40, 18_000, now + 7_200);
const cases = Object.entries(texts).flatMap(([what, text]) =>
  presetNames.map((name) => ({ what, text, name })),
);

test.each(cases)('$name understands names with $what', ({ text, name }) =>
  withUsage({ clock }, async ({ run, backend }) => {
    backend.script('usage', {
      body: body({
        ...rateLimit(window),
        credits: { has_credits: true, unlimited: false, balance: text },
        additional_rate_limits: [
          { metered_feature: text, limit_name: text, normal_model_slug: null, ...rateLimit(window) },
        ],
      }),
    });
    const args = ['--max-age', '0', '--format', '{credits}'];
    const { exitCode, stdout } = await run('--preset', name, ...args);
    const reference = (await run('--preset', 'starship', ...args)).stdout.trimEnd();
    const shown = grammars[name](stdout).text;
    expect([exitCode, plain(shown)]).toEqual([0, plain(reference)]);
    expect(stdout).not.toMatch(/\p{Cf}|\u2028/u);
  }),
);

/** Leaves out what some programs cannot show: a space that keeps signs apart, or a sign without an escape. */
function plain(text: string): string {
  return text.replace(/[\s|/]|^[-\s|/]+/g, '').replace(/^[-|/]+/, '') || '?';
}

test('sh and xargs read the label of sketchybar as it is', () =>
  withUsage({ clock }, async ({ run }) => {
    for (const text of Object.values(texts)) {
      const format = text.replaceAll(/[{}]/g, '$&$&');
      const { stdout } = await run('--preset', 'sketchybar', `--format=${format}`);
      const label = `label=${text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()}`;
      const first = (command: string): string | undefined =>
        execFileSync('bash', ['-c', command], { input: stdout, encoding: 'utf8' }).split('\n')[0];
      expect(first(`xargs printf '%s\\n'`)).toBe(label);
      expect(first(`eval "printf '%s\\n' $(cat)"`)).toBe(label);
    }
  }));
