// Compares our types with those that a version of codex generates: `npm run lab -- drift`. Its exit code is explained in
// `report.mjs`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advertisedVersion } from '../../../.build/protocol/version.js';
import { generateCodexSchema } from './codex-schema.mjs';
import { compareSchemas } from './compare.mjs';
import { readOwnSchema } from './own-schema.mjs';
import { exitCodeOf, reportText } from './report.mjs';
import { readToolOptions } from '../../lab-tools.mjs';

process.exitCode = main();

function main() {
  const { version } = readToolOptions('drift');
  const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-drift-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  try {
    const theirs = generateCodexSchema(version, folder);
    const known = JSON.parse(readFileSync(new URL('known.json', import.meta.url), 'utf8'));
    const found = compareSchemas(readOwnSchema(), theirs, known);
    console.log(`here: ${advertisedVersion}, there: ${theirs.version}`);
    if (theirs.hasNetwork) console.log('the network of codex could not be cut off');
    console.log(reportText(found));
    return exitCodeOf(found);
  } catch (error) {
    console.error(error.message);
    return 1;
  }
}
