import type { Readable } from 'node:stream';
import { readLines } from '../../framing/line-splitter.js';
import { safeLine } from '../../util/safe-text.js';

export interface ServerStderr {
  /** Resolves at the end of the stream with the last error that the server has reported, if any. */
  readonly lastError: Promise<string | undefined>;
}

const maxLineBytes = 16 * 1024;
const longestText = 300;

/** Reads the stderr of a server: `warning: …` and `Error: …` at the start of a line. Drops everything else. */
export function readServerStderr(stderr: Readable, onWarning: (warning: string) => void): ServerStderr {
  let error: string | undefined;

  async function readAll(): Promise<void> {
    for await (const line of readLines(stderr as AsyncIterable<Uint8Array>, maxLineBytes)) {
      if (line.kind !== 'text') continue;
      const [, kind, text = ''] = /^(warning|Error): (.*)/s.exec(line.text) ?? [];
      if (kind === 'warning') onWarning(shown(text));
      if (kind === 'Error') error = shown(text);
    }
  }

  return { lastError: readAll().then(returnError, returnError) };

  function returnError(): string | undefined {
    return error;
  }
}

function shown(text: string): string {
  return safeLine(text).slice(0, longestText);
}
