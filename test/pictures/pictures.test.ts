import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ScenarioName } from '../../src/dev-backend/scenarios.js';
import { createManualClock } from '../support/manual-clock.js';
import { withUsage } from '../support/usage-bench.js';
import { terminalSvg } from './terminal-svg.js';

const columns = 84;

/** What `usage` writes to a terminal, against the embedded backend, at a time that stands still. */
async function usagePicture(scenario: ScenarioName): Promise<string> {
  let picture = '';
  await withUsage({ scenario, clock: createManualClock() }, async ({ start }) => {
    const { stdout, exitCode } = start([], { columns, env: { NO_COLOR: '' } });
    await exitCode;
    picture = terminalSvg('codex-account-server usage', stdout.text(), columns);
  });
  return picture;
}

test.each([
  ['usage.svg', 'at-limit'],
  ['usage-blocked.svg', 'blocked'],
] as const)('%s in the README shows what usage writes today', async (name, scenario) => {
  const path = `test/pictures/${name}`;
  const picture = await usagePicture(scenario);
  if (process.env.WRITE_PICTURES) writeFileSync(path, picture);
  expect(readFileSync(path, 'utf8'), `${path} is stale: run npm run pictures`).toBe(picture);
  expect(readFileSync('README.md', 'utf8')).toContain(`](${path})`);
});
