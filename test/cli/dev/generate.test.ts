import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBuiltServer } from '../../support/processes/built-server.js';
import { unixTest } from '../../support/unix-test.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'generate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs it with a CODEX_HOME that does not exist. */
async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const command = startBuiltServer({
    args: ['app-server', ...args],
    environment: { HOME: folder, CODEX_HOME: join(folder, 'missing') },
  });
  command.child.stdin.end();
  const { code } = await command.exited;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

const silent = { code: 0, stdout: '', stderr: '' };
const published = (kind: string): string[] =>
  readdirSync(`schema/${kind}`).map((name) => name.replace(/\.\w+$/, ''));

test('generate-ts writes types that compile, in the folders of codex', async () => {
  const out = join(folder, 'a', 'b');
  expect(await run('generate-ts', '--out', out)).toEqual(silent);
  expect(new Set(readdirSync(out))).toEqual(
    new Set([...published('typescript').map((name) => `${name}.ts`), 'index.ts', 'v2']),
  );
  const client = join(out, 'client.ts');
  writeFileSync(
    client,
    `import type { InitializeParams } from './index';
    import type { GetAccountResponse } from './v2';
    import type { AccountUpdatedNotification } from './v2/AccountUpdatedNotification';
    export const seen = (one: GetAccountResponse, two: AccountUpdatedNotification, three: InitializeParams) =>
      [one.account?.type, two.reason, three.clientInfo.name];`,
  );
  const program = ts.createProgram([client, join(out, 'v2', 'index.ts')], {
    strict: true,
    noEmit: true,
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  });
  expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
});

test('generate-json-schema writes each schema, and all of them in one file', async () => {
  expect(await run('generate-json-schema', `--out=${folder}`, '--experimental')).toEqual(silent);
  const read = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const own: unknown = JSON.parse(readFileSync('schema/json/GetAccountResponse.json', 'utf8'));
  expect([read('GetAccountResponse.json'), read('v2/GetAccountResponse.json')]).toEqual([own, own]);
  const { definitions } = read('codex_app_server_protocol.schemas.json') as { definitions: object };
  expect(new Set(Object.keys(definitions))).toEqual(new Set(published('json')));
  const references = JSON.stringify(definitions).matchAll(/"\$ref":"([^"]*)"/g);
  const targets = new Set([...references].map(([, target = '']) => target));
  expect(
    [...targets].filter((target) => !Object.hasOwn(definitions, target.slice('#/definitions/'.length))),
  ).toEqual([]);
});

test('files of the same names are replaced, others stay', async () => {
  writeFileSync(join(folder, 'index.ts'), 'old');
  writeFileSync(join(folder, 'own.ts'), 'own');
  expect(await run('generate-ts', '-o', folder)).toEqual(silent);
  expect(readFileSync(join(folder, 'index.ts'), 'utf8')).not.toBe('old');
  expect(readFileSync(join(folder, 'own.ts'), 'utf8')).toBe('own');
});

unixTest('generate-ts formats the files with the program of the caller', async () => {
  const program = join(folder, 'format.sh');
  writeFileSync(program, `#!/bin/sh\necho "$1 $2 $3" > ${folder}/called\n`, { mode: 0o755 });
  expect(await run('generate-ts', '--out', folder, '-p', program)).toEqual(silent);
  expect(readFileSync(join(folder, 'called'), 'utf8')).toBe('--write --log-level warn\n');
});

unixTest.each([
  ['exit 3', 'Error: Prettier failed with status exit status: 3\n'],
  [undefined, (path: string) => `Error: Failed to invoke Prettier at ${path}\n`],
] as const)('a program that fails (%s) is an error', async (script, message) => {
  const program = join(folder, 'format.sh');
  if (script) writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  expect(await run('generate-ts', '--out', folder, '--prettier', program)).toEqual({
    code: 1,
    stdout: '',
    stderr: typeof message === 'string' ? message : message(program),
  });
});

unixTest.each([
  ['file', 'File exists (os error 17)'],
  ['file/below', 'Not a directory (os error 20)'],
])('a folder %s that cannot be made is an error', async (name, reason) => {
  writeFileSync(join(folder, 'file'), '');
  const out = join(folder, name);
  const { code, stderr } = await run('generate-ts', '--out', out);
  expect([code, stderr]).toEqual([1, `Error: Failed to create ${out}\n\nCaused by:\n    ${reason}\n`]);
});

test.each([
  [['generate-ts'], 'generate-ts: --out DIR is required.'],
  [['generate-ts', '--out', 'x', 'more'], "generate-ts: Unexpected argument 'more'."],
  [['generate-ts', '--nope'], "generate-ts: Unknown option '--nope'."],
  [['generate-json-schema', '--out', 'x', '-p', 'y'], 'generate-json-schema: --prettier is for generate-ts.'],
])('%j is wrong usage', async (args, reason) => {
  expect(await run(...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `codex-account-server app-server ${reason} See --help.\n`,
  });
  expect(existsSync('x')).toBe(false);
});

test.each(['generate-ts', 'generate-json-schema'])('the help of %s fits 78 columns', async (command) => {
  const { code, stdout } = await run('help', command);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: codex-account-server app-server ${command} --out DIR`);
  expect(stdout.split('\n').filter((line) => line.length > 78)).toEqual([]);
  expect(await run(command, '--help')).toEqual({ code: 0, stdout, stderr: '' });
});
