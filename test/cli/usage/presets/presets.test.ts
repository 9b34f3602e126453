import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presetNames } from '../../../../src/cli/usage/presets/names.js';
import { isLab } from '../../../support/lab-options.js';
import { createManualClock } from '../../../support/clocks/manual-clock.js';
import { withUsage } from '../fixture.js';
import { shapes } from '../shapes.js';
import { grammars } from './grammars.js';

// Every preset for every kind of account.

const clock = createManualClock();

/** The colours of each level, as the presets write them. */
const colours: Readonly<Record<string, readonly (string | undefined)[]>> = {
  ok: ['#3fa55b', '3fa55b', '32', undefined],
  low: ['yellow', '#d29922', 'd29922', '33', undefined],
  critical: ['red', '#e5534b', 'e5534b', '31', undefined],
  blocked: ['red', '#e5534b', 'e5534b', '31', undefined],
  unknown: ['brightblack', '#8b949e', '8b949e', '2', undefined],
};

const variants = [
  [[], 'C'],
  [['--left'], 'C.UTF-8'],
  [['--format', '{plan} {tightest:bar}'], 'C.UTF-8'],
] as const;

test.each(presetNames)('%s understands the output for every account', (preset) =>
  withUsage({ clock }, async ({ start, backend }) => {
    backend.script('credits', { body: { available_count: 0, credits: [] } });
    for (const [name, { body, line }] of Object.entries(shapes)) {
      backend.script('usage', { body });
      const [level = ''] = line.split(' ');
      for (const [options, LANG] of variants) {
        const env = { LANG, NO_COLOR: '' };
        const run = start(['--preset', preset, '--max-age', '0', ...options], { env });
        const reference = start(['--preset', 'starship', '--max-age', '0', ...options], { env });
        expect([name, await run.exitCode, run.stderr.text(), await reference.exitCode]).toEqual([
          name,
          0,
          '',
          0,
        ]);
        const { text, colour } = grammars[preset](run.stdout.text());
        expect([name, `${text}\n`]).toEqual([name, reference.stdout.text()]);
        expect([name, level, colours[level]]).toEqual([name, level, expect.arrayContaining([colour])]);
        expect(run.stdout.text()).not.toMatch(/NaN|undefined|null|Infinity/);
      }
    }
  }),
);

test('the class of Waybar is the level, and the percentage that of what binds', () =>
  withUsage({ clock }, async ({ run, backend }) => {
    const shown = [];
    const expected = [];
    for (const { body, line } of Object.values(shapes)) {
      backend.script('usage', { body });
      const { stdout } = await run('--preset', 'waybar', '--max-age', '0');
      const { classes, percentage } = grammars.waybar(stdout);
      const [level, percent] = line.split(' ');
      shown.push([classes, percentage]);
      expected.push([[level], percent === '?' ? undefined : Math.min(100, Number(percent))]);
    }
    expect(shown).toEqual(expected);
  }));

test('lines.txt has the current texts', () =>
  withUsage({ clock }, async ({ run, backend }) => {
    const lines = [];
    for (const [name, { body }] of Object.entries(shapes)) {
      backend.script('usage', { body });
      const [used, left] = [
        await run('--preset', 'starship', '--max-age', '0'),
        await run('--preset', 'starship', '--max-age', '0', '--left'),
      ];
      lines.push(`${name}: ${used.stdout.trimEnd()} | ${left.stdout}`);
    }
    const path = 'test/cli/usage/presets/lines.txt';
    if (isLab) writeFileSync(path, lines.join(''));
    expect(lines.join(''), `${path} is stale: LAB=1 and this test write it`).toBe(readFileSync(path, 'utf8'));
  }));
