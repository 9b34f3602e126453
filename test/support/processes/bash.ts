import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { withBuiltServer } from './built-server.js';

export interface BashOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command of the built program in such a line. */
export const main = `${process.execPath} dist/main.cjs`;

/** Runs a line of bash with the embedded backend behind it. */
export async function bash(scenario: ScenarioName, line: string): Promise<BashOutcome> {
  let outcome: BashOutcome = { code: 0, stdout: '', stderr: '' };
  await withBuiltServer({ scenario, args: ['--version'] }, async ({ home }) => {
    const child = spawn('bash', ['-c', line], {
      env: { PATH: process.env.PATH, HOME: tmpdir(), CODEX_HOME: home.path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    outcome = { code, stdout, stderr };
  });
  return outcome;
}
