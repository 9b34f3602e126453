// Prints `N passed, N failed`, the sum of the files that vitest's json reporter wrote, each for one version of node.
import { readFileSync } from 'node:fs';

const counts = process.argv.slice(2).map((file) => countsOf(JSON.parse(readFileSync(file, 'utf8') || '{}')));
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
const skipped = sum('skipped');

console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (sum('failed') > 0) process.exitCode = 1;

/** Counts a file that cannot be loaded as a failure, and a run without a report. */
function countsOf(report) {
  const files = report.testResults ?? [{ status: 'failed', assertionResults: [] }];
  const brokenFiles = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests ?? 0,
    failed: (report.numFailedTests ?? 0) + brokenFiles.length,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}
