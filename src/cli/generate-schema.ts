import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderParamShapes } from '../protocol/render-param-shapes.js';
import { renderSchema } from '../protocol/render-schema.js';

// Writes `schema/` anew, so that files of types that are gone go too.
const folder = 'schema';
const files = await renderSchema();
rmSync(folder, { recursive: true, force: true });
for (const [path, text] of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
process.stdout.write(`${files.size} files in ${folder}/\n`);
writeFileSync('src/protocol/param-shapes.ts', renderParamShapes());
