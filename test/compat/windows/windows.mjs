// Runs the tests on node for Windows, in Wine: `npm run lab -- windows`. It shows nothing about a real Windows.
//   --node 22            a version of node from the npm registry
//   --folder test/auth   a test file or folder; may be repeated
//   --smoke              the files of the smoke test, at most four minutes
import fs from 'node:fs';
import path from 'node:path';
import { readToolOptions } from '../../lab-tools.mjs';
import { cacheFolder, copyOfCheckout, windowsNode } from './packages.mjs';
import { leftOut, smokeFiles } from './selection.mjs';
import { printSummary } from './summary.mjs';
import { createWine } from './wine.mjs';

const { node, folder, smoke } = readToolOptions('windows');
const run = path.join(cacheFolder, `run-${process.pid}`);
fs.mkdirSync(run, { recursive: true });
const wine = createWine(path.join(run, 'prefix'));
process.exitCode = await main().finally(() => {
  wine.end();
  fs.rmSync(run, { recursive: true, force: true });
});

async function main() {
  const problem = wine.prepare();
  if (problem) {
    console.log(`NOT TESTED under Wine: ${problem}`);
    return 1;
  }
  const program = windowsNode(node);
  const checkout = copyOfCheckout(path.join(run, 'checkout'));
  const report = path.join(run, 'report.json');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
  const files = smoke ? smokeFiles : (folder ?? ['test/']);
  const excluded = Object.keys(leftOut).flatMap((name) => ['--exclude', name]);
  const flags = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    '--maxWorkers',
    smoke ? '2' : '1',
  ];
  const ended = await wine.run(program, [...vitest, ...flags, ...excluded, ...files], {
    cwd: checkout,
    output: path.join(run, 'output.txt'),
    minutes: smoke ? 4 : 90,
  });
  if (!fs.existsSync(report)) {
    console.log(fs.readFileSync(path.join(run, 'output.txt'), 'utf8'));
    console.log(`vitest wrote no report: ${ended}`);
    return 1;
  }
  const kept = path.join(cacheFolder, `report-${node}.json`);
  fs.copyFileSync(report, kept);
  const failed = printSummary(JSON.parse(fs.readFileSync(kept, 'utf8')), checkout, smoke ? {} : leftOut);
  console.log(`The whole report: ${kept}`);
  return failed > 0 ? 1 : 0;
}
