import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('each departure that a source names has a row on the page', () => {
  const rows = readFileSync('test/conformance/README.md', 'utf8').matchAll(/^\| (D\d+) +\|/gm);
  const sources = execFileSync('grep', ['-rhoE', '\\(D[0-9]+\\)|; D[0-9]+\\b|\\bD[0-9]+:', 'src'], {
    encoding: 'utf8',
  });
  const named = new Set(sources.match(/D\d+/g));
  const known = new Set([...rows].map(([, number]) => number));
  expect([...named].filter((number) => !known.has(number))).toEqual([]);
  expect(named.size).toBeGreaterThan(10);
});
