import { failuresOf } from './reasons.mjs';

/**
 * Prints how many tests passed, failed and were skipped, how many failed for each known reason, and each failure
 * without one by file, with the first line of its error. Returns how many those are.
 */
export function printSummary(results, leftOut) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const byReason = new Map();
  let unknown = 0;
  const again = [];
  for (const result of results) {
    const { file, tests } = result;
    for (const { state } of tests) counts[state in counts ? state : 'skipped'] += 1;
    again.push(...(result.again ?? []).map(({ name }) => `${file} > ${name}`));
    const failures = failuresOf(result);
    for (const { reason } of failures) if (reason) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
    const unexplained = failures.filter(({ reason }) => !reason);
    if (unexplained.length === 0) continue;
    unknown += unexplained.length;
    console.log(`\n${file}: ${unexplained.length} of ${tests.length} failed without a known reason`);
    for (const { name, error } of unexplained) console.log(`  - ${name}\n      ${firstLine(error)}`);
  }
  // CI reads the last `N passed, N failed`, which is that of all tests on Linux.
  const { passed, failed, skipped } = counts;
  console.log(
    `\nUnder Wine: passed ${passed}, failed ${failed}, skipped ${skipped} (${results.length} files); ` +
      `without a known reason ${unknown}`,
  );
  const reasons = [...byReason].sort(([, one], [, other]) => other - one);
  for (const [reason, count] of reasons) console.log(`  ${`${count}`.padStart(4)}  ${reason}`);
  for (const name of again) console.log(`Passed only in a process of its own: ${name}`);
  for (const [file, reason] of Object.entries(leftOut)) console.log(`Left out: ${file}: ${reason}`);
  return unknown;
}

function firstLine(text) {
  return text.trim().split('\n')[0].slice(0, 200);
}
