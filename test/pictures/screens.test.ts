import { readFileSync, writeFileSync } from 'node:fs';
import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import { keys, withRedeem } from '../cli/redeem/fixture.js';
import { type OneWindow, setUsage } from '../cli/redeem/one-window.js';
import { withUsage } from '../cli/usage/fixture.js';
import { isLab } from '../support/lab-options.js';
import { createManualClock } from '../support/clocks/manual-clock.js';
import { lastScreen } from './last-screen.js';

// The screens of commands on terminals of three widths, in `screens.txt`.

const path = 'test/pictures/screens.txt';
const widths = [100, 60, 40];

async function usageScreen(columns: number): Promise<string> {
  let screen = '';
  await withUsage({ scenario: 'at-limit', clock: createManualClock() }, async ({ start }) => {
    const { stdout, exitCode } = start([], { columns });
    await exitCode;
    screen = stdout.text();
  });
  return screen;
}

async function watchScreen(columns: number): Promise<string> {
  let screen = '';
  await withUsage({ scenario: 'business', clock: createManualClock() }, async ({ start }) => {
    const { stdout, stop, exitCode } = start(['--watch'], { columns, hasKeyboard: true });
    await stdout.until(/next (read )?in /);
    screen = lastScreen(stdout.text().replace('\u001b[?1049h\u001b[?25l', ''));
    stop();
    await exitCode;
  });
  return screen;
}

/** The limits that each warning is about. */
const warned: Readonly<Record<string, OneWindow | 'blocked' | 'fresh' | 'at-limit'>> = {
  'no warning': 'at-limit',
  'a spend limit blocks': 'blocked',
  'the workspace is out of credits': {
    ...{ usedPercent: 40, resetsInMins: 120, reached: 'workspace_member_credits_depleted' },
  },
  'nothing is used': 'fresh',
  'the window that blocks resets soon': {
    ...{ usedPercent: 100, resetsInMins: 20, reached: 'rate_limit_reached' },
  },
  'what is used resets soon': { usedPercent: 60, resetsInMins: 20 },
};

/** The dialog of `redeem` when it asks whether to redeem. */
async function redeemScreen(name: string, columns: number): Promise<string> {
  const limits = warned[name] ?? 'fresh';
  let screen = '';
  const scenario = typeof limits === 'string' ? limits : 'at-limit';
  await withRedeem({ scenario, clock: createManualClock() }, async (fixture) => {
    if (typeof limits !== 'string') setUsage(fixture, limits, createManualClock().nowMs());
    const { stdout, type, exitCode } = fixture.startDialog(['--credit', 'credit-1'], { columns });
    await stdout.until(/Redeem it now\?[^]*No/);
    screen = lastScreen(stdout.text());
    type(keys.enter);
    await exitCode;
  });
  return screen;
}

async function allScreens(): Promise<string> {
  const parts: string[] = [];
  for (const columns of widths) {
    parts.push(`=== usage, ${columns} columns\n${await usageScreen(columns)}`);
    parts.push(`=== usage --watch, ${columns} columns\n${await watchScreen(columns)}`);
    for (const name of Object.keys(warned)) {
      parts.push(`=== redeem, ${name}, ${columns} columns\n${await redeemScreen(name, columns)}`);
    }
  }
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

test('the screens at 100, 60 and 40 columns are as recorded, and no line is too wide', async () => {
  const screens = await allScreens();
  if (isLab) writeFileSync(path, screens);
  expect(readFileSync(path, 'utf8'), `${path} is stale: run npm run lab -- pictures`).toBe(screens);
  let columns = 0;
  for (const line of screens.split('\n')) {
    columns = Number(/^=== .*, (\d+) columns$/.exec(line)?.[1] ?? columns);
    if (!line.startsWith('===')) expect([line, stringWidth(line) <= columns]).toEqual([line, true]);
  }
});
