import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isInstalled, type LineFixture, programOf, shells, withLine } from '../../cli/line/fixture.js';
import { isLab, labNumber } from '../../support/lab-options.js';

const run = promisify(execFile);
const prompts = labNumber('prompts', 30);

interface Figures {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Runs a command many times, one after the other. */
async function measure(command: string, count: number, { env }: LineFixture): Promise<Figures> {
  const loop = `count=0; while [ $count -lt ${count} ]; do count=$((count + 1)); ${command} >/dev/null || exit; done; times`;
  const beganMs = performance.now();
  const { stdout } = await run('dash', ['-c', loop], { env: { ...env } });
  const wallMs = (performance.now() - beganMs) / count;
  // The second line is the time of the children, in user and system mode: `0m1.250s 0m0.480s`.
  const [, children = ''] = stdout.split('\n');
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return { wallMs, cpuMs: (seconds.reduce((sum, one) => sum + one, 0) * 1000) / count };
}

/** Returns the number of programs that one prompt runs, its shell included. */
async function countPrograms(command: string, { env }: LineFixture): Promise<number | undefined> {
  if (!isInstalled('strace')) return undefined;
  const { stderr } = await run(
    'strace',
    ['-f', '-qq', '-e', 'trace=execve', 'dash', '-c', `exec ${command}`],
    { env: { ...env } },
  );
  // The first one is the shell that runs `exec`.
  return [...stderr.matchAll(/execve\(.* = 0$/gm)].length - 1;
}

test.each(shells)(
  `${prompts} prompts in a row in %s make one request`,
  (shell) =>
    withLine({}, async (fixture) => {
      const command = `${programOf(shell)} ${fixture.bin}/codex-account-line '{plan} {window:300}%'`;
      await run('dash', ['-c', command], { env: { ...fixture.env } });
      const beganMs = performance.now();
      const hit = await measure(command, prompts, fixture);
      const requests = fixture.requests();
      const minutes = Math.floor((performance.now() - beganMs) / 60_000);
      if (isLab) {
        const node = await measure(`'${process.execPath}' -e 0`, Math.ceil(prompts / 20), fixture);
        const programs = await countPrograms(command, fixture);
        console.log(
          JSON.stringify({
            shell,
            prompts,
            ...hit,
            programs,
            requests,
            node,
            cpuToNode: hit.cpuMs / node.cpuMs,
          }),
        );
      }
      // The line is rendered again once a minute.
      expect(requests).toBeLessThanOrEqual(1 + minutes);
      expect(await fixture.starts(1)).toBe(requests);
    }),
  600_000,
);
