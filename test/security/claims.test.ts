import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Each claim, and the names of the tests that prove it, by file. */
type Claims = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const claims = JSON.parse(readFileSync('test/security/claims.json', 'utf8')) as Claims;

test('every claim of the README on security has a test, and every such test is a claim', () => {
  const ownTests = readdirSync('test/security')
    .filter((name) => name.endsWith('.test.ts') && name !== 'claims.test.ts')
    .flatMap((name) => namesIn(readFileSync(`test/security/${name}`, 'utf8')));
  expect(claimsOf(readFileSync('README.md', 'utf8'))).toEqual([...Object.keys(claims), ...ownTests].sort());
});

test('every test that a claim names exists', () => {
  const named = Object.values(claims).flatMap(Object.entries) as [string, string[]][];
  const missing = named.flatMap(([path, names]) => {
    const text = readFileSync(path, 'utf8');
    return names.filter((name) => !text.includes(`'${name}'`)).map((name) => `${path}: ${name}`);
  });
  expect(missing).toEqual([]);
});

/** Returns the list items of the section, one claim each. */
function claimsOf(readme: string): string[] {
  const [, section = ''] = /^## Security\n(.*?)^## /ms.exec(readme) ?? [];
  const items = [...section.matchAll(/^- ((?:.+\n?)(?: {2}.+\n?)*)/gm)];
  return items.map(([, text = '']) => text.replaceAll(/\s+/g, ' ').trim()).sort();
}

function namesIn(source: string): string[] {
  return [...source.matchAll(/^test\('(.+?)',/gm)].map(([, name = '']) => name);
}
