import type { Readable } from 'node:stream';
import { readLines } from '../../framing/line-splitter.js';
import { safeLine } from '../../util/text/safe-text.js';

export interface ServerStderr {
  /** Resolves at the end of the stream with the last error that the server has reported, if any. */
  readonly lastError: Promise<string | undefined>;
  /** Returns the last lines so far, at most 4 KiB, with everything masked that looks like a secret. */
  tail(): string;
}

const maxLineBytes = 16 * 1024;
const longestText = 300;
const tailBytes = 4 * 1024;
const tailLines = 100;
/** So short that one line fits, and in UTF-16 code units, which have up to three bytes each. */
const longestTailLine = 1_000;

/** Reads the stderr of a server: `warning: …` and `Error: …` at the start of a line. Keeps the end of the rest. */
export function readServerStderr(stderr: Readable, onWarning: (warning: string) => void): ServerStderr {
  let error: string | undefined;
  const lastLines: string[] = [];

  async function readAll(): Promise<void> {
    for await (const line of readLines(stderr as AsyncIterable<Uint8Array>, maxLineBytes)) {
      if (line.kind !== 'text') continue;
      lastLines.push(line.text.slice(0, 2 * longestTailLine));
      if (lastLines.length > tailLines) lastLines.shift();
      const [, kind, text = ''] = /^(warning|Error): (.*)/s.exec(line.text) ?? [];
      if (kind === 'warning') onWarning(shown(text));
      if (kind === 'Error') error = shown(text);
    }
  }

  return { lastError: readAll().then(returnError, returnError), tail: () => tailOf(lastLines) };

  function returnError(): string | undefined {
    return error;
  }
}

function shown(text: string): string {
  return safeLine(text).slice(0, longestText);
}

function tailOf(lines: readonly string[]): string {
  // Masked first, so that no beginning of a secret is left at the cut.
  const shownLines = lines.map((line) => maskSecrets(safeLine(line)).slice(0, longestTailLine));
  while (Buffer.byteLength(shownLines.join('\n')) > tailBytes) shownLines.shift();
  return shownLines.join('\n');
}

/**
 * Masks what looks like a secret. This package's server never logs one, but the client does not know which secrets
 * another server may log.
 */
function maskSecrets(text: string): string {
  return text.replace(secretLike, (found, name?: string) => `${name ?? ''}<redacted>`);
}

const secretLike = new RegExp(
  [
    String.raw`((?:token|key|secret|password|authorization|cookie)["']?\s*[:=]\s*)(?:(?:Bearer|Basic)\s+)?["']?[^\s"',;}]+["']?`,
    String.raw`(?<=\b(?:Bearer|Basic)\s)\S+`,
    String.raw`\beyJ[\w.-]+`,
    String.raw`\b(?:sk|rt|at|sess)[-_][\w-]{8,}`,
    String.raw`[\w.+-]+@[\w.-]+`,
    String.raw`\b[\w-]{40,}`,
  ].join('|'),
  'gi',
);
