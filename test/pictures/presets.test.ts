import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type PresetName, presetNames } from '../../src/cli/usage/presets/names.js';
import { withUsage } from '../cli/usage/fixture.js';
import { grammars } from '../cli/usage/presets/grammars.js';
import { body, now, rateLimit, shapes, windowOf } from '../cli/usage/shapes.js';
import { createSettableClock } from '../snapshot/fixture.js';
import { isLab } from '../support/lab-options.js';
import { barSvg } from './bar-svg.js';

const page = 'src/cli/usage/presets/README.md';

const states = [
  ['ok', body(rateLimit(windowOf(25, 604_800, now + 345_600)))],
  ['low', shapes['Plus, both windows']?.body],
  ['critical', shapes['Go, the same window beyond a tenth left']?.body],
  // The read fails.
  ['stale', undefined],
  ['blocked', shapes['Pro at the limit of the week']?.body],
] as const;

/** The colours as they are seen: by their names or codes, and by the classes of Waybar's style sheet. */
const colours: Readonly<Record<string, string>> = {
  ...{ green: '#3fa55b', yellow: '#d29922', red: '#e5534b', brightblack: '#8b949e' },
  ...{ 32: '#3fa55b', 33: '#d29922', 31: '#e5534b', 2: '#8b949e' },
  ...{ low: '#d29922', critical: '#e5534b', blocked: '#e5534b', stale: '#8b949e' },
};
const white = '#e6edf3';

/** The presets that give the name before the text its own colour. */
const separate: readonly PresetName[] = ['tmux', 'starship', 'polybar', 'sketchybar', 'zellij'];

async function pictureOf(preset: PresetName): Promise<string> {
  const clock = createSettableClock();
  let picture = '';
  await withUsage({ clock }, async ({ start, backend }) => {
    const show = async (caption: string, ...args: string[]) => {
      const { stdout, exitCode } = start(['--preset', preset, ...args], { env: { NO_COLOR: '' } });
      await exitCode;
      const { text, colour, classes, details } = grammars[preset](stdout.text());
      const style = colour ?? classes?.at(-1) ?? '';
      const usual = preset === 'starship' ? '#d29922' : white;
      const hex = colours[style] ?? (/^[\da-f]{6}$/.test(style) ? `#${style}` : style);
      return {
        strip: {
          ...(separate.includes(preset)
            ? { caption, prefix: 'codex ', text }
            : { caption, prefix: '', text: `codex ${text}` }),
          colour: hex.startsWith('#') ? hex : usual,
        },
        details,
      };
    };
    const shown = [];
    for (const [caption, usage] of states) {
      if (usage === undefined) clock.advance(25 * 60_000);
      backend.script('usage', usage === undefined ? { status: 418, body: {} } : { body: usage });
      shown.push(await show(caption, '--max-age', '0'));
    }
    // The last one has the tooltip or the menu.
    picture = barSvg(
      `usage --preset ${preset}`,
      shown.map(({ strip }) => strip),
      shown.at(-1)?.details ?? [],
    );
  });
  return picture;
}

test.each(presetNames)('presets/%s.svg shows what the bar shows and is on the page', async (preset) => {
  const path = `test/pictures/presets/${preset}.svg`;
  const picture = await pictureOf(preset);
  if (isLab) writeFileSync(path, picture);
  expect(readFileSync(path, 'utf8'), `${path} is stale: run npm run lab -- pictures`).toBe(picture);
  expect(readFileSync(page, 'utf8')).toContain(`(../../../../${path})`);
});
