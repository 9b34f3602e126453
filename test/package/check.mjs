// What the package tells those who install it: `npm run check:package`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

const { exports } = JSON.parse(fs.readFileSync('package.json', 'utf8'));

npm('run', 'check:manifest');
npm('audit', '--omit=dev');
// As long as it is a command alone, there are no types to look at.
if (exports) npm('run', 'check:exports');

function npm(...words) {
  const { status } = spawnSync('npm', words, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
