import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import '../../support/processes/built-server.js';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';

// Runs the programs of the page.

const page = readFileSync('schema/other-languages.md', 'utf8');
const programs = [...page.matchAll(/^```(?:js|python)\n(?:\/\/|#) ([\w.]+)\n(.*?)^```/gms)];
const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-languages-'));
const main = resolve('dist/main.cjs');

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/codex-account-server'));
  const ajv = createRequire(import.meta.url).resolve('ajv/package.json');
  symlinkSync(dirname(ajv), join(folder, 'node_modules/ajv'));
  for (const [, name = '', text = ''] of programs) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Stage {
  readonly backend: DevBackend;
  readonly keptPath: string;
  /** Runs a command in the folder of the programs. */
  run(words: readonly string[], input?: string): Promise<{ code: unknown; stdout: string; stderr: string }>;
}

async function withStage(scenario: ScenarioName, act: (stage: Stage) => Promise<void>): Promise<void> {
  const backend = await startDevBackend({ scenario });
  const home = createDevHome({ backendUrl: backend.url });
  const env = {
    PATH: process.env.PATH,
    HOME: home.path,
    CODEX_HOME: home.path,
    ...devEnvironment(backend.url),
  };
  try {
    await act({
      backend,
      keptPath: join(home.path, '.my-program-redemption.json'),
      run: ([command = '', ...words], input = '') =>
        new Promise((end) => {
          const child = execFile(command, words, { cwd: folder, env }, (error, stdout, stderr) =>
            end({ code: error ? error.code : 0, stdout, stderr }),
          );
          child.stdin?.end(input);
        }),
    });
  } finally {
    await backend.close();
    home.remove();
  }
}

const client = ['python3', 'client.py'];
const server = [process.execPath, main, 'app-server'];

test('the page has these programs, and the client is short', () => {
  expect(programs.map(([, name]) => name)).toEqual(['validate.mjs', 'validate.py', 'client.py']);
  expect(programs.at(-1)?.[2]?.split('\n').length).toBeLessThan(80);
});

test.each([
  ['ajv', ['node', 'validate.mjs']],
  ["python's jsonschema", ['python3', 'validate.py']],
])('%s accepts what usage --json prints, and nothing else', (_what, validate) =>
  withStage('at-limit', async ({ run }) => {
    const { stdout: usage } = await run([process.execPath, main, 'usage', '--json']);
    const other = JSON.stringify({ ...(JSON.parse(usage) as object), version: 2 });
    expect(await run(validate, usage)).toMatchObject({ code: 0, stdout: 'valid\n' });
    expect((await run(validate, other)).stdout).not.toBe('valid\n');
  }),
);

test('the client reads, watches and redeems', () =>
  withStage('at-limit', async ({ run, backend, keptPath }) => {
    expect(await run([...client, ...server])).toEqual({
      code: 0,
      stdout: 'used: 100 %\nwatching: account/rateLimits/updated\noutcome: reset\n',
      stderr: '',
    });
    expect([backend.ledger.creditIdByKey.size, existsSync(keptPath)]).toEqual([1, false]);
  }));

test('the client starts another server if the first one has exited', () =>
  withStage('at-limit', async ({ run }) => {
    const once = '[ -e started ] && exec "$@"; touch started; head -n 1 | "$@"';
    const { code, stdout } = await run([...client, 'sh', '-c', once, 'sh', ...server]);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'used: 100 %']);
  }));

test('after a lost answer the client repeats the attempt with the same key when it is started again', () =>
  withStage('at-limit', async ({ run, backend, keptPath }) => {
    let isLost = true;
    backend.script('consume', () => (isLost ? { status: 500, body: {} } : undefined));
    const first = await run([...client, ...server]);
    const kept = JSON.parse(readFileSync(keptPath, 'utf8')) as { idempotencyKey: string };
    isLost = false;
    const second = await run([...client, ...server]);
    const keys = backend.requests
      .filter(({ url }) => url.endsWith('/consume'))
      .map(({ body }) => (JSON.parse(body) as { redeem_request_id: string }).redeem_request_id);
    expect([first.code, second.stdout.endsWith('outcome: reset\n'), existsSync(keptPath)]).toEqual([
      1,
      true,
      false,
    ]);
    expect(new Set(keys)).toEqual(new Set([kept.idempotencyKey]));
  }));

test('a request that was certainly not carried out leaves no key behind', () =>
  withStage('at-limit', async ({ run, keptPath }) => {
    const { code, stderr } = await run([...client, ...server, '--read-only']);
    expect([code, existsSync(keptPath)]).toEqual([1, false]);
    expect(stderr).toContain('Failed');
  }));
