// What the package tells those who install it: `npm run check:package`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

const { exports } = JSON.parse(fs.readFileSync('package.json', 'utf8'));

npm('run', 'check:manifest');
// As long as it is a command alone, there are no types to look at.
if (exports) npm('run', 'check:exports');
auditBundled();

function npm(...words) {
  const { status } = spawnSync('npm', words, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** It depends on no package, so that `npm audit` has nothing to ask about where it is installed; this asks about what is bundled. */
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

/** Each has its licence there, behind its name. */
function bundledPackages() {
  const licences = fs.readFileSync('dist/licences.txt', 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
  return licences.map((licence) => licence.split('\n')[0]);
}
