import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renderParamShapes } from '../protocol/render-param-shapes.js';
import { renderSchema } from '../protocol/render-schema.js';

// Replaces the whole of `schema/`, so that the files of removed types go too.
const files = await renderSchema();
rmSync('schema', { recursive: true, force: true });
for (const [path, text] of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
process.stdout.write(`${files.size} files in schema/ and src/client/\n`);
writeFileSync('src/protocol/param-shapes.ts', renderParamShapes());
