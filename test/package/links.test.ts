import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const pages = [
  ...readdirSync('.'),
  ...['schema', 'src', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  ),
].filter((path) => path.endsWith('.md'));

test.each(pages)('every relative link of %s leads to a file and a heading', (page) => {
  expect(linksOn(page).filter((link) => isBroken(page, link))).toEqual([]);
});

/** Returns the links of a page, except those with a scheme. */
function linksOn(page: string): string[] {
  const inline = textOf(page).matchAll(/\]\(([^)\s]+)\)/g);
  const defined = textOf(page).matchAll(/^\[[^\]]+\]: (\S+)/gm);
  const inHtml = textOf(page).matchAll(/\b(?:href|src)="([^"]+)"/g);
  return [...inline, ...defined, ...inHtml]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** A path that starts with `/` begins at the root of the repository, as on GitHub. */
function isBroken(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target =
    path === '' ? page : normalize(path.startsWith('/') ? `.${path}` : join(dirname(page), path));
  if (!existsSync(target)) return true;
  return anchor !== undefined && !anchorsOf(target).has(anchor);
}

/** Returns the anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const counts = new Map<string, number>();
  return new Set(
    [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
      const anchor = heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
        .replaceAll(' ', '-');
      const count = counts.get(anchor) ?? 0;
      counts.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    }),
  );
}

/** Returns a page without its code blocks, in which brackets and `#` have another meaning. */
function textOf(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^```.*?^```/gms, '');
}
