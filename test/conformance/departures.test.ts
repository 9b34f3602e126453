import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('each departure that a source names has a row on the page', () => {
  const rows = readFileSync('test/conformance/README.md', 'utf8').matchAll(/^\| (D\d+) +\|/gm);
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  const mentions = sources.join('\n').match(/\(D\d+\)|; D\d+\b|\bD\d+:/g) ?? [];
  const named = new Set(mentions.join().match(/D\d+/g));
  const known = new Set([...rows].map(([, number]) => number));
  expect([...named].filter((number) => !known.has(number))).toEqual([]);
  expect(named.size).toBeGreaterThan(10);
});
