import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import '../support/processes/built-server.js';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { startDevBackend } from '../../src/dev-backend/server.js';

// The examples that an editor shows beside the functions of the library.

interface Example {
  readonly name: string;
  readonly code: string;
}

const types = readFileSync('dist/client.d.mts', 'utf8');
const documented = [
  ...types.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s+(?:export declare function )?(\w+)[<(]/gs),
].map(([, comment = '', name = '']) => ({ name, code: exampleIn(comment) }));
const examples = documented.filter((each): each is Example => each.code !== undefined);
const [, clientMembers = ''] = /interface AccountClient .*?\{\n(.*?)\n\}/s.exec(types) ?? [];
const functions = [...types.matchAll(/export declare function (\w+)/g)].map(([, name = '']) => name);
const methods = [...clientMembers.matchAll(/^\t(\w+)[<(]/gm)].map(([, name = '']) => name);

const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-examples-'));
const source = join(folder, 'examples.mts');

afterAll(() => rmSync(folder, { recursive: true }));

function exampleIn(comment: string): string | undefined {
  const text = comment.replaceAll(/^\s*\* ?/gm, '');
  return /@example\n(.*?)(?=\n@|\s*$)/s.exec(text)?.[1];
}

/** Returns a program that runs each example with a client of its own, and prints what fails. */
function programOf(all: readonly Example[]): string {
  const names = [...functions, 'fiveHoursMins', 'weekMins'].join(', ');
  const parts = all.map(
    ({ name, code }) =>
      `${JSON.stringify(name)}: async (client: AccountClient, limits: GetAccountRateLimitsResponse) => {\n{ ${code}\n}\n},`,
  );
  return `import { ${names} } from ${JSON.stringify(resolve('dist/client.mjs'))};
import type { AccountClient, GetAccountRateLimitsResponse } from ${JSON.stringify(resolve('dist/client.mjs'))};
const environments: Record<string, Record<string, string>> = JSON.parse(process.env.ENVIRONMENTS ?? '');
const examples = {\n${parts.join('\n')}\n};
for (const [name, example] of Object.entries(examples)) {
  Object.assign(process.env, environments[name]);
  const client = createClient({ clientInfo: { name: 'examples', version: '1.0.0' } });
  const limits = await client.readRateLimits();
  await example(client, limits).catch((error: unknown) => console.log('FAILED', name, error));
  await client.close();
}
`;
}

test('every function of the library has an example', () => {
  expect(examples.map(({ name }) => name).sort()).toEqual([...functions, ...methods].sort());
  expect(methods.length).toBeGreaterThan(10);
});

test('the examples have no type error', async () => {
  writeFileSync(source, programOf(examples));
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2023', strict: true, exactOptionalPropertyTypes: true, noEmit: true },
    typeRoots: [resolve('node_modules/@types')],
    types: ['node'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [source] }));
  const words = [resolve('node_modules/typescript/bin/tsc'), '-p', folder];
  const { stdout } = await promisify(execFile)(process.execPath, words).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toBe('');
});

test('the examples run', async () => {
  // For versions of node without `await using`.
  const { code } = await transform(programOf(examples), { loader: 'ts', target: 'node20', format: 'esm' });
  const library = resolve('dist/client.mjs');
  const loadable = code.replaceAll(JSON.stringify(library), JSON.stringify(pathToFileURL(library)));
  writeFileSync(join(folder, 'examples.mjs'), loadable);
  const stages = await Promise.all(
    examples.map(async ({ name }) => {
      const backend = await startDevBackend({ scenario: 'fresh' });
      const home = createDevHome({ backendUrl: backend.url });
      return { name, backend, home };
    }),
  );
  const environments = Object.fromEntries(
    stages.map(({ name, backend, home }) => [
      name,
      { CODEX_HOME: home.path, ...devEnvironment(backend.url) },
    ]),
  );
  try {
    const env = { PATH: process.env.PATH, HOME: folder, ENVIRONMENTS: JSON.stringify(environments) };
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'examples.mjs')], { env });
    expect(stdout).not.toContain('FAILED');
    expect(stdout).toContain('week');
  } finally {
    for (const { backend, home } of stages) {
      await backend.close();
      home.remove();
    }
  }
});
