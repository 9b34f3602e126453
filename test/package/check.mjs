// Checks the package as users see it: `npm run check:package`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

const { exports } = JSON.parse(fs.readFileSync('package.json', 'utf8'));

npm('run', 'check:manifest');
// If the package exports nothing, there are no types to check.
if (exports) npm('run', 'check:exports');
auditBundled();

function npm(...words) {
  const { status } = spawnSync('npm', words, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/**
 * Runs `npm audit` for the bundled packages. A user's `npm audit` does not see them, because this package has no
 * dependencies.
 */
function auditBundled() {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8' });
  const { vulnerabilities, message } = JSON.parse(stdout);
  if (!vulnerabilities) {
    console.log(`NOT AUDITED: ${message}`);
    return;
  }
  const bad = bundledPackages().filter((name) => name in vulnerabilities);
  for (const name of bad) console.log(`${name}: ${vulnerabilities[name].severity}, see npm audit`);
  console.log(`${bad.length} of ${bundledPackages().length} bundled packages have known vulnerabilities`);
  if (bad.length > 0) process.exit(1);
}

/** Reads the names of the bundled packages, each of which has its licence in that file. */
function bundledPackages() {
  const licences = fs.readFileSync('dist/licences.txt', 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
  return licences.map((licence) => licence.split('\n')[0]);
}
