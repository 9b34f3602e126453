// Writes the types of dist/client.* and dist/limits.*. ES modules and CommonJS need the same file under two names.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDtsBundle } from 'dts-bundle-generator';

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = ['client', 'limits'];

const bundles = generateDtsBundle(
  names.map((name) => ({
    filePath: path.join(root, 'src', name, 'library.ts'),
    // Only the types that the library exports are exported.
    output: { exportReferencedTypes: false, noBanner: true },
  })),
  { preferredConfigPath: path.join(root, 'tsconfig.json') },
);

// Declares AsyncDisposable for programs whose own `lib` does not have it.
const references = { client: '/// <reference lib="esnext.disposable" />\n', limits: '' };

fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
for (const [index, name] of names.entries()) {
  for (const end of ['d.mts', 'd.cts']) {
    fs.writeFileSync(path.join(root, 'dist', `${name}.${end}`), references[name] + bundles[index]);
  }
}
