import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Each claim, and the names of the tests that prove it, by file. */
type Claims = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const claims = JSON.parse(readFileSync('test/security/claims.json', 'utf8')) as Claims;

test('every claim on the security page has a test, and every such test is a claim', () => {
  const ownTests = readdirSync('test/security')
    .filter((name) => name.endsWith('.test.ts') && name !== 'claims.test.ts')
    .flatMap((name) => namesIn(readFileSync(`test/security/${name}`, 'utf8')));
  const page = readFileSync('test/security/README.md', 'utf8');
  expect(claimsOf(page)).toEqual([...Object.keys(claims), ...ownTests].sort());
});

test('every test that claims.json names exists', () => {
  const named = Object.values(claims).flatMap(Object.entries) as [string, string[]][];
  const missing = named.flatMap(([path, names]) => {
    const text = readFileSync(path, 'utf8');
    return names.filter((name) => !text.includes(`'${name}'`)).map((name) => `${path}: ${name}`);
  });
  expect(missing).toEqual([]);
});

/** Returns the claims of the page: its list items, each as one line. */
function claimsOf(page: string): string[] {
  const items = [...page.matchAll(/^- ((?:.+\n?)(?: {2}.+\n?)*)/gm)];
  return items.map(([, text = '']) => text.replaceAll(/\s+/g, ' ').trim()).sort();
}

function namesIn(source: string): string[] {
  return [...source.matchAll(/^test\('(.+?)',/gm)].map(([, name = '']) => name);
}
