import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputData, JSONSchemaInput, quicktype } from 'quicktype-core';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';
import { withBuiltServer } from '../../support/processes/built-server.js';

const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-quicktype-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Generates types, as `quicktype --src FILE --lang LANGUAGE` does. */
async function generate(file: string, uri: string, lang: 'typescript' | 'python'): Promise<string> {
  const schema = readFileSync(join('schema', file), 'utf8');
  const input = new JSONSchemaInput(undefined);
  await input.addSource({ name: 'UsageOutput', schema, uris: [uri] });
  const inputData = new InputData();
  inputData.addInput(input);
  const rendererOptions = lang === 'typescript' ? { 'just-types': true } : {};
  return (await quicktype({ inputData, lang, rendererOptions })).lines.join('\n');
}

/** Compiles a program strictly. Returns the messages of the compiler. */
function problemsOf(path: string): string[] {
  const program = ts.createProgram([path], { strict: true, noEmit: true, skipLibCheck: true, types: [] });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Returns the output of `usage --json`. */
async function usage(): Promise<string> {
  let printed = '';
  await withBuiltServer({ args: ['usage', '--json'], scenario: 'at-limit' }, async ({ server }) => {
    server.child.stdin.end();
    await server.exited;
    printed = server.stdout();
  });
  return printed;
}

test('the types of all definitions in TypeScript compile, and fit what usage --json prints', async () => {
  const types = await generate('codex-account-server.schema.json', '#/definitions/', 'typescript');
  const { definitions } = JSON.parse(readFileSync('schema/codex-account-server.schema.json', 'utf8')) as {
    definitions: Record<string, { type?: string; properties?: object }>;
  };
  const objects = Object.entries(definitions).filter(
    ([, { properties = {} }]) => Object.keys(properties).length > 0,
  );
  expect(objects.length).toBeGreaterThan(50);
  expect(
    objects.map(([name]) => name).filter((name) => !types.includes(`export interface ${name} {`)),
  ).toEqual([]);
  const path = join(folder, 'types.ts');
  const printed = await usage();
  writeFileSync(path, `${types}\nexport const printed: UsageOutput = ${printed};\n`);
  expect(problemsOf(path)).toEqual([]);
  writeFileSync(
    path,
    `${types}\nexport const printed: UsageOutput = ${printed.replace(/"version": ?1/, '"version":"1"')};\n`,
  );
  expect(problemsOf(path)).toHaveLength(1);
});

test('the readers in Python read what usage --json prints, and write it again', async () => {
  const path = join(folder, 'usage_output.py');
  writeFileSync(path, await generate('json/UsageOutput.json', '#', 'python'));
  const program = `import json, sys
from usage_output import usage_output_from_dict, usage_output_to_dict
given = json.load(sys.stdin)
print(json.dumps([given, usage_output_to_dict(usage_output_from_dict(given))]))`;
  const run = (input: string): string =>
    execFileSync('python3', ['-c', program], { cwd: folder, input, encoding: 'utf8', stdio: 'pipe' });
  const printed = await usage();
  // The readers leave members out that are null.
  const [given, again] = JSON.parse(run(printed), (_, value: unknown) => value ?? undefined) as unknown[];
  expect(again).toEqual(given);
  expect(() => run(JSON.stringify({ ...(JSON.parse(printed) as object), version: 'one' }))).toThrow(
    'AssertionError',
  );
});
