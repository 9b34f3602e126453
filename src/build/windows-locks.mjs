import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** The package whose libraries for Windows are published with ours: node has no locks there. */
export const lockPackage = 'fs-native-extensions';

/** The SHA-256 of each library of version 1.5.1, which `src/util/files/locks/windows-locks.ts` loads. */
const checksums = {
  'win32-x64': 'dd3f8eb1d53441f151551c84a1211c79524b1eab74ff83ab93e68037f3997ba4',
  'win32-arm64': 'b39cecb92c210708b6f0848de9a054bf08d4dc35994db12aedca8bad91a96302',
};

/** Copies the libraries into the package. A library with another content ends the build. */
export function copyWindowsLocks(root, dist) {
  for (const [platform, checksum] of Object.entries(checksums)) {
    const file = path.join(root, 'node_modules', lockPackage, 'prebuilds', platform, `${lockPackage}.node`);
    const bytes = fs.readFileSync(file);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== checksum) throw new Error(`${file} has the SHA-256 ${found}, not ${checksum}`);
    fs.writeFileSync(path.join(dist, `locks-${platform}.node`), bytes);
  }
}
