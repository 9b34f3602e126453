import { shimMarker } from '../own-file.js';

export interface ShimProgram {
  /** The whole path of node. */
  readonly node: string;
  /** The whole path of this program. */
  readonly script: string;
  /** A whole path, or `auto`. */
  readonly upstream: string;
}

/**
 * Returns the text of a shim for `sh`. It finds another node if the one that wrote it has gone, as after an update, and
 * says what to do if this program has gone.
 */
export function shimText({ node, script, upstream }: ShimProgram): string {
  return `#!/bin/sh
# ${shimMarker}: written by "codex-account-server shim install"; "shim remove" removes it.
node=${shellQuoted(node)}
program=${shellQuoted(script)}
if ! [ -f "$program" ]; then
  echo "codex: $program has gone; remove this file: $0" >&2
  exit 127
fi
[ -x "$node" ] || node=node
exec "$node" "$program" --upstream ${shellQuoted(upstream)} "$@"
`;
}

/** Returns the text of a shim for Windows. The command interpreter reads it in the code page of the console. */
export function windowsShimText({ node, script, upstream }: ShimProgram): string {
  return [
    '@echo off',
    `rem ${shimMarker}: written by "codex-account-server shim install"; "shim remove" removes it.`,
    `"${percentDoubled(node)}" "${percentDoubled(script)}" --upstream "${percentDoubled(upstream)}" %*`,
    '',
  ].join('\r\n');
}

/** Returns the upstream in the text of a shim; undefined if there is none. */
export function upstreamOf(shim: string): string | undefined {
  const [, quoted] = / --upstream ('(?:[^']|'\\'')*'|"[^"]*")/.exec(shim) ?? [];
  if (quoted === undefined) return undefined;
  const inner = quoted.slice(1, -1);
  return quoted.startsWith('"') ? inner.replaceAll('%%', '%') : inner.replaceAll("'\\''", "'");
}

/** Quotes a text for `sh`. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function percentDoubled(text: string): string {
  return text.replaceAll('%', '%%');
}
