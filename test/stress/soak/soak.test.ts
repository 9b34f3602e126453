import { expect, test } from 'vitest';
import { isLab, labNumber } from '../../support/lab-options.js';
import type { Figures } from '../watched-server.js';
import { runSoak } from './run-soak.js';

const reads = labNumber('reads', 400);
const logins = labNumber('logins', 20);

test('reads, logins and logouts leave no memory and no open file behind', async () => {
  const figures = await runSoak({ reads, logins });
  if (isLab) console.log(tableOf(figures.reads), tableOf(figures.logins));
  expectFlat(figures.reads);
  expectFlat(figures.logins);
}, 14_400_000);

/** Compares from the second tenth on: during the first one code is loaded and compiled. */
function expectFlat(tenths: readonly Figures[]): void {
  const [early, late] = [tenths[1]!, tenths.at(-1)!];
  expect(late.heapBytes - early.heapBytes).toBeLessThan(4 * 1024 * 1024);
  expect(late.descriptors - early.descriptors).toBeLessThan(5);
}

function tableOf(tenths: readonly Figures[]): string {
  const rows = tenths.map(
    ({ heapBytes, rssBytes, descriptors }, index) =>
      `| ${(index + 1) * 10} % | ${megabytes(heapBytes)} | ${megabytes(rssBytes)} | ${descriptors} |`,
  );
  return ['', '| done | heap MB | rss MB | open files |', '| --: | --: | --: | --: |', ...rows].join('\n');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
