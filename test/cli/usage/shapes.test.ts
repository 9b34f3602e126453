import { readFileSync, writeFileSync } from 'node:fs';
import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import type { UsageReport } from '../../../src/protocol/schema/reports/usage-report.js';
import { isLab } from '../../support/lab-options.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { withUsage } from './fixture.js';
import { shapes } from './shapes.js';

// Every kind of account: the exit code, the limit that binds, the JSON, and the screens in `shapes.txt`.

const clock = createManualClock();
const cases = Object.entries(shapes).map(([name, shape]) => ({ name, ...shape }));
const format = '{level} {tightest} {tightest:left} {tightest:name}, {tightest:resetsIn}';

test.each(cases)('usage of an account: $name', ({ body, exitCode, line }) =>
  withUsage({ clock }, async ({ run, backend }) => {
    backend.script('usage', { body });
    backend.script('credits', { body: { available_count: 0, credits: [] } });
    expect(await run('--format', format, '--exit-code')).toEqual({
      ...{ exitCode, stdout: `${line}\n`, stderr: '' },
    });
    const json = await run('--json');
    const { permission, block, tightest, budget } = JSON.parse(json.stdout) as UsageReport;
    const [level, percent] = line.split(' ');
    expect([json.exitCode, permission]).toEqual([
      exitCode,
      { 0: 'allowed', 3: 'blocked', 4: 'unknown' }[exitCode],
    ]);
    expect([block !== null, `${tightest?.usedPercent ?? '?'}`]).toEqual([level === 'blocked', percent]);
    expect(tightest?.limit === 'spendLimit').toBe(line.includes('spend limit'));
    expect(json.stdout.includes('individual_limit')).toBe(false);
    expect(budget === null || typeof budget.limit === 'string').toBe(true);
    expect(json.stdout).not.toContain('NaN');
  }),
);

test('every account fits 100, 60, 40 and 10 columns, with and without Unicode', () =>
  withUsage({ clock }, async ({ start, backend }) => {
    backend.script('credits', { body: { available_count: 0, credits: [] } });
    for (const { name, body } of cases) {
      backend.script('usage', { body });
      for (const columns of [100, 60, 40, 10]) {
        for (const args of [[], ['--left'], ['--bar-width', '33']]) {
          for (const LANG of ['C.UTF-8', 'C']) {
            const { stdout, exitCode } = start(['--max-age', '60', ...args], { columns, env: { LANG } });
            await exitCode;
            const lines = stdout.text().split('\n');
            expect([name, columns, lines.filter((line) => stringWidth(line) > columns)]).toEqual([
              name,
              columns,
              [],
            ]);
            expect(stdout.text()).not.toMatch(/NaN|undefined|null|Infinity/);
          }
        }
      }
    }
  }));

test('shapes.txt has the current screens', () =>
  withUsage({ clock }, async ({ start, backend }) => {
    backend.script('credits', { body: { available_count: 0, credits: [] } });
    const screens = [];
    for (const { name, body } of cases) {
      backend.script('usage', { body });
      const { stdout, exitCode } = start([], { columns: 84 });
      screens.push(`=== ${name}: exit code ${await exitCode}\n${stdout.text()}`);
    }
    const path = 'test/cli/usage/shapes.txt';
    if (isLab) writeFileSync(path, screens.join('\n'));
    expect(screens.join('\n'), `${path} is stale: LAB=1 and this test write it`).toBe(
      readFileSync(path, 'utf8'),
    );
  }));
