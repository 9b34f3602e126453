// Writes the types of dist/client.*: one file for both kinds of modules, each of which wants its own name for it.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDtsBundle } from 'dts-bundle-generator';

const root = fileURLToPath(new URL('../..', import.meta.url));

const [types] = generateDtsBundle(
  [
    {
      filePath: path.join(root, 'src/client/library.ts'),
      // What the library does not export by name has no name outside.
      output: { exportReferencedTypes: false, noBanner: true },
    },
  ],
  { preferredConfigPath: path.join(root, 'tsconfig.json') },
);
fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
for (const name of ['client.d.mts', 'client.d.cts']) fs.writeFileSync(path.join(root, 'dist', name), types);
