// Runs the tests on node for Windows, in Wine: `npm run lab -- windows`. It shows nothing about a real Windows.
//   --node 22            a version of node from the npm registry
//   --folder test/auth   a test file or folder; may be repeated
//   --smoke              the files of the smoke test, at most four minutes
//   --codex 0.171.0      no tests: that version of the real codex.exe and our server wait for the locks of each other
// Exits with 3 if the run is not possible here.
import fs from 'node:fs';
import path from 'node:path';
import { readToolOptions } from '../../lab-tools.mjs';
import { runCodexLocks } from './codex-locks.mjs';
import { NotTestedError } from './not-tested.mjs';
import { cacheFolder, copyOfCheckout, windowsCodex, windowsNode } from './packages.mjs';
import { folderOf, partsOf, runPart } from './parts.mjs';
import { leftOut, smokeFiles } from './selection.mjs';
import { printSummary } from './summary.mjs';
import { crashed, createWine } from './wine.mjs';

const { node, folder, smoke, codex } = readToolOptions('windows');
/** Without the downloads of the first run. */
const smokeLimitMs = 4 * 60_000;

const kept = path.join(cacheFolder, `results-${node}.json`);
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
    return await runTests(program, checkout);
  } catch (error) {
    if (!(error instanceof NotTestedError)) throw error;
    console.log(`NOT TESTED under Wine: ${error.message}`);
    return 3;
  }
}

/** Returns the exit code: 1 if a test failed without a known reason. */
async function runTests(program, checkout) {
  const left = smoke ? {} : leftOut;
  const starts = smoke ? smokeFiles : (folder ?? ['test/']);
  const parts = partsOf(checkout, starts, Object.keys(left));
  if (parts.length === 0) {
    console.error(`No test file starts with ${starts.join(' or ')}.`);
    return 2;
  }
  const limits = smoke ? { until: Date.now() + smokeLimitMs, workers: 2 } : { until: Infinity, workers: 1 };
  const options = { wine, program, checkout, folder: run, ...limits };
  const results = [];
  for (const part of smoke ? [parts.flat()] : parts) {
    const start = Date.now();
    const added = await runPart(part, options);
    results.push(...added);
    // After each part, so that an interrupted run leaves what it has.
    fs.writeFileSync(kept, JSON.stringify(results));
    const seconds = Math.round((Date.now() - start) / 1000);
    console.log(`${folderOf(part[0])}: ${countsOf(added)} (${seconds} s)`);
  }
  console.log(`Kept: ${kept}`);
  const hasCrashed = ({ ended, tests }) => ended === crashed && tests.length === 0;
  if (results.every(hasCrashed)) throw new NotTestedError(crashed);
  if (printSummary(results, left) !== 0) return 1;
  const lost = results.filter(({ ended }) => ended === crashed).map(({ file }) => file);
  if (smoke && lost.length > 0)
    throw new NotTestedError(`${crashed}, so not all of ${lost.join(', ')} has run`);
  return 0;
}

function countsOf(results) {
  const tests = results.flatMap((result) => result.tests);
  const count = (state) => tests.filter((test) => test.state === state).length;
  const errors = results.filter(({ ended }) => ended).length;
  return `passed ${count('passed')}, failed ${count('failed')}${errors ? `, files with errors ${errors}` : ''}`;
}
