import { safeLine } from '../util/text/safe-text.js';

/** The last lines of the stderr of a process. */
export interface StderrTail {
  add(chunk: Buffer): void;
  /** Returns them, safe to show: at most 4 KiB, without e-mail addresses and tokens. */
  text(): string;
}

const tailBytes = 4 * 1024;

export function createStderrTail(): StderrTail {
  let kept = Buffer.alloc(0);
  let isCut = false;
  return {
    add(chunk) {
      const all = Buffer.concat([kept, chunk.subarray(-tailBytes)]);
      isCut ||= kept.length + chunk.length > tailBytes;
      kept = Buffer.from(all.subarray(-tailBytes));
    },
    text() {
      const lines = kept.toString('utf8').split('\n');
      // The first line may be a part of one, and of a secret in it.
      const whole = isCut ? lines.slice(1) : lines;
      return whole
        .map((line) => masked(safeLine(line.replace(colours, ''))))
        .filter((line) => line !== '')
        .join('\n');
    },
  };
}

// A colour starts with this character.
const colours = /\u001b\[[0-9;]*m/g;

/** Masks e-mail addresses, JSON web tokens and keys: what the other program writes may hold anything. */
function masked(line: string): string {
  return line
    .replace(/[\w.+%-]+@[\w-]+(\.[\w-]+)+/g, '<redacted>')
    .replace(/\beyJ[\w-]+(\.[\w-]*)*/g, '<redacted>')
    .replace(/\b(sk|at|rt)[-_.][\w.-]{8,}/g, '<redacted>')
    .replace(/\b(Bearer) +\S+/gi, '$1 <redacted>');
}
