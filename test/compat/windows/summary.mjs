import path from 'node:path';

/**
 * Prints the tests that failed, by file, each with the first line of its reason, and the files that were left out.
 * Returns how many tests and files failed.
 */
export function printSummary(report, checkout, leftOut) {
  let failed = 0;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const tests = file.assertionResults;
    const bad = tests.filter(({ status }) => status === 'failed');
    counts.passed += tests.filter(({ status }) => status === 'passed').length;
    counts.failed += bad.length;
    counts.skipped += tests.length - bad.length - tests.filter(({ status }) => status === 'passed').length;
    if (file.status !== 'failed') continue;
    failed += Math.max(bad.length, 1);
    console.log(`\n${nameOf(file.name, checkout)}: ${bad.length} of ${tests.length} failed`);
    if (bad.length === 0) console.log(`  ${firstLine(file.message)}`);
    for (const { fullName, failureMessages } of bad)
      console.log(`  - ${fullName}\n      ${firstLine(failureMessages[0])}`);
  }
  console.log(
    // CI reads the last `N passed, N failed`, which is that of all tests on Linux.
    `\nUnder Wine: passed ${counts.passed}, failed ${counts.failed}, skipped ${counts.skipped} (${report.testResults.length} files)`,
  );
  for (const [file, reason] of Object.entries(leftOut)) console.log(`Left out: ${file}: ${reason}`);
  return failed;
}

/** Returns the path in the checkout. Wine reports it as `Z:\tmp\…`. */
function nameOf(name, checkout) {
  return path.relative(checkout, name.replaceAll('\\', '/').replace(/^[A-Za-z]:/, ''));
}

function firstLine(text = '') {
  return text.trim().split('\n')[0].slice(0, 200);
}
