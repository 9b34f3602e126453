// Writes the types of dist/client.*. ES modules and CommonJS need the same file under two names.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDtsBundle } from 'dts-bundle-generator';

const root = fileURLToPath(new URL('../..', import.meta.url));

const [types] = generateDtsBundle(
  [
    {
      filePath: path.join(root, 'src/client/library.ts'),
      // Only the types that the library exports are exported.
      output: { exportReferencedTypes: false, noBanner: true },
    },
  ],
  { preferredConfigPath: path.join(root, 'tsconfig.json') },
);
fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
for (const name of ['client.d.mts', 'client.d.cts']) fs.writeFileSync(path.join(root, 'dist', name), types);
