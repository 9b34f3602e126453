import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renderParamShapes } from './render-param-shapes.js';
import { renderSchema } from './render-schema.js';

// Removes both folders first, so that no file of a removed type stays. schema/README.md is written by hand.
const files = await renderSchema();
for (const folder of ['schema/json', 'schema/typescript']) rmSync(folder, { recursive: true, force: true });
for (const [path, text] of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
process.stdout.write(`${files.size} files in schema/ and src/client/\n`);
writeFileSync('src/protocol/param-shapes.ts', renderParamShapes());
