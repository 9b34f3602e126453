import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ScenarioName } from '../../src/dev-backend/account/scenarios.js';
import { isLab } from '../support/lab-options.js';
import { createManualClock } from '../support/clocks/manual-clock.js';
import { keys, withRedeem } from '../cli/redeem/fixture.js';
import { withUsage } from '../cli/usage/fixture.js';
import { shapes } from '../cli/usage/shapes.js';
import { lastScreen } from './last-screen.js';
import { terminalSvg } from './terminal-svg.js';

const columns = 84;

const pages = ['README.md', 'src/cli/README.md', 'src/cli/usage/README.md'];

/** Returns the files of the pictures on a page. */
function picturesOn(page: string): string[] {
  const links = readFileSync(page, 'utf8').matchAll(/!\[.*?\]\((.+?)\)/g);
  return [...links].map(([, link = '']) => resolve(dirname(page), link));
}

// The library for prompts reads it when it is loaded.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '1';
});

/** Draws the output of `usage` on a terminal, with the embedded backend and a fixed time. */
async function usagePicture(scenario: ScenarioName): Promise<string> {
  let picture = '';
  await withUsage({ scenario, clock: createManualClock() }, async ({ start }) => {
    const { stdout, exitCode } = start([], { columns, env: { NO_COLOR: '' } });
    await exitCode;
    picture = terminalSvg('codex-account-server usage', stdout.text(), columns);
  });
  return picture;
}

/** Draws `usage` of an account of this shape. */
async function shapePicture(name: string): Promise<string> {
  let picture = '';
  await withUsage({ clock: createManualClock() }, async ({ start, backend }) => {
    backend.script('usage', { body: shapes[name]?.body ?? {} });
    backend.script('credits', { body: { available_count: 0, credits: [] } });
    const { stdout, exitCode } = start([], { columns, env: { NO_COLOR: '' } });
    await exitCode;
    picture = terminalSvg('codex-account-server usage', stdout.text(), columns);
  });
  return picture;
}

/** Draws the last screen of a whole `redeem`. */
async function redeemPicture(): Promise<string> {
  let picture = '';
  await withRedeem({ clock: createManualClock() }, async ({ startDialog }) => {
    const { stdout, type, exitCode } = startDialog([], { columns, environment: { NO_COLOR: '' } });
    await stdout.until(/Reset credits: 2\n[^]*confirm/);
    type(keys.enter);
    await stdout.until(/Redeem it now\?\n[^]*No/);
    type('y');
    await exitCode;
    picture = terminalSvg('codex-account-server redeem', lastScreen(stdout.text()), columns);
  });
  return picture;
}

test.each([
  ['usage.svg', () => usagePicture('at-limit')],
  ['usage-blocked.svg', () => usagePicture('blocked')],
  ['usage-free.svg', () => shapePicture('Free, one window of a month')],
  ['usage-plus.svg', () => shapePicture('Plus, both windows')],
  ['usage-business.svg', () => shapePicture('Business with a budget only')],
  ['usage-spend-limit.svg', () => shapePicture('Team, the spend limit is reached although use is allowed')],
  ['usage-depleted.svg', () => shapePicture('Team, the credits of the workspace are depleted')],
  ['usage-further.svg', () => shapePicture('Pro with further limits and a reserve')],
  ['redeem.svg', redeemPicture],
] as const)('%s shows the current output and is on a page', async (name, take) => {
  const path = `test/pictures/${name}`;
  const picture = await take();
  if (isLab) writeFileSync(path, picture);
  expect(readFileSync(path, 'utf8'), `${path} is stale: run npm run lab -- pictures`).toBe(picture);
  expect(pages.flatMap(picturesOn)).toContain(resolve(path));
});
