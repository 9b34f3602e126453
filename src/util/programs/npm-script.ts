import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSmallFile } from '../files/small-file.js';

/** A batch file of npm has less than 1 KiB. */
const maxBytes = 16 * 1024;

/** The last line of such a file: it runs node with a script, whose path is relative to the file. */
const startLine = /"%_prog%" {2}"%dp0%\\([\x20-\x7e]+?)" %\*\r?\n$/;

/**
 * Returns the script that a batch file of npm starts with node, and the node beside the file, if there is one. Undefined
 * for any other file.
 */
export function npmScript(
  batchFile: string,
): { readonly script: string; readonly node?: string } | undefined {
  const text = textOf(batchFile);
  const relative = text.includes('SET "_prog=node"') ? startLine.exec(text)?.[1] : undefined;
  if (relative === undefined || /["%]/.test(relative)) return undefined;
  const folder = dirname(batchFile);
  const script = join(folder, ...relative.split('\\'));
  if (!existsSync(script)) return undefined;
  const node = join(folder, 'node.exe');
  return existsSync(node) ? { script, node } : { script };
}

function textOf(path: string): string {
  try {
    return readSmallFile(path, maxBytes).toString('latin1');
  } catch {
    return '';
  }
}
