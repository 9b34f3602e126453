import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderParamShapes } from '../../../src/protocol/generate/render-param-shapes.js';
import { wholeSchemaPath } from '../../../src/protocol/generate/render-json.js';
import { clientTypesPath, renderSchema } from '../../../src/protocol/generate/render-schema.js';

test('schema/ and the types of the client are the current output of `npm run schema`', async () => {
  const expected = Object.fromEntries(await renderSchema());
  const found = {
    ...filesBelow('schema/json'),
    ...filesBelow('schema/typescript'),
    [wholeSchemaPath]: readFileSync(wholeSchemaPath, 'utf8'),
    [clientTypesPath]: readFileSync(clientTypesPath, 'utf8'),
  };
  expect(found, 'schema/ is stale: run `npm run schema`').toEqual(expected);
});

test('src/protocol/param-shapes.ts is the current output of `npm run schema`', () => {
  const text = readFileSync('src/protocol/param-shapes.ts', 'utf8');
  expect(text, 'param-shapes.ts is stale: run `npm run schema`').toBe(renderParamShapes());
});

function filesBelow(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [`${folder}/${path.replaceAll('\\', '/')}`, readFileSync(join(folder, path), 'utf8')]),
  );
}
