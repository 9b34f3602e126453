// Runs the tests on node for Windows, in Wine: `npm run lab -- windows`. It shows nothing about a real Windows.
//   --node 22            a version of node from the npm registry
//   --folder test/auth   a test file or folder; may be repeated
//   --smoke              the files of the smoke test, at most four minutes
//   --codex 0.171.0      no tests: that version of the real codex.exe and our server wait for the locks of each other
// Exits with 3 if the run is not possible here, or the server of Wine crashes.
import fs from 'node:fs';
import path from 'node:path';
import { readToolOptions } from '../../lab-tools.mjs';
import { runCodexLocks } from './codex-locks.mjs';
import { NotTestedError } from './not-tested.mjs';
import { cacheFolder, copyOfCheckout, windowsCodex, windowsNode } from './packages.mjs';
import { leftOut, smokeFiles } from './selection.mjs';
import { printSummary } from './summary.mjs';
import { crashed, createWine } from './wine.mjs';

const { node, folder, smoke, codex } = readToolOptions('windows');
const run = path.join(cacheFolder, `run-${process.pid}`);
fs.mkdirSync(run, { recursive: true });
const wine = createWine(path.join(run, 'prefix'));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    end();
    process.exit(1);
  });
}
process.exitCode = await main().finally(end);

/** Ends what still runs, and removes the files of this run. */
function end() {
  wine.end();
  fs.rmSync(run, { recursive: true, force: true });
}

/** Returns the exit code: 1 if a test failed, 3 if nothing could be tested. */
async function main() {
  try {
    wine.prepare();
    const program = windowsNode(node);
    const checkout = copyOfCheckout(path.join(run, 'checkout'));
    if (codex)
      return await runCodexLocks({ wine, program, codex: windowsCodex(codex), checkout, folder: run });
    const report = await runTests(program, checkout);
    return report && printSummary(report, checkout, smoke ? {} : leftOut) === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NotTestedError)) throw error;
    console.log(`NOT TESTED under Wine: ${error.message}`);
    return 3;
  }
}

/** Returns vitest's report, which is also kept, or undefined if it wrote none. */
async function runTests(program, checkout) {
  const report = path.join(run, 'report.json');
  const output = path.join(run, 'output.txt');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
  const excluded = Object.keys(leftOut).flatMap((name) => ['--exclude', name]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const words = [...vitest, ...reporters, '--maxWorkers', smoke ? '2' : '1', ...excluded];
  const until = Date.now() + (smoke ? 4 : 90) * 60_000;
  for (let attempt = 1; ; attempt += 1) {
    const files = smoke ? smokeFiles : (folder ?? ['test/']);
    const ended = await wine.run(program, [...words, ...files], { cwd: checkout, output, until });
    if (fs.existsSync(report)) return JSON.parse(fs.readFileSync(keep(report, 'report.json'), 'utf8'));
    if (ended === crashed && attempt === 1 && smoke) {
      console.log('wineserver crashed. Trying once more.');
      wine.end();
      continue;
    }
    const kept = keep(output, 'output.txt');
    if (ended === crashed) throw new NotTestedError(`wineserver crashed. The output: ${kept}`);
    console.log(fs.readFileSync(kept, 'utf8'));
    console.log(`vitest wrote no report: ${ended}. The output: ${kept}`);
    return undefined;
  }
}

/** Copies a file of the run to where it stays. Returns its path. */
function keep(file, name) {
  const kept = path.join(cacheFolder, `node-${node}-${name}`);
  fs.copyFileSync(file, kept);
  console.log(`Kept: ${kept}`);
  return kept;
}
