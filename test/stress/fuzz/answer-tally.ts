import type { Framing } from '../../../src/framing/frame.js';
import { errorKinds } from '../../../src/util/errors.js';

/** Compares the answers that a server sends with those that it owes. */
export interface AnswerTally {
  /** Records that an answer with this id, as JSON, is owed. */
  owe(idText: string): void;
  /** Takes output of the server in chunks of any size. */
  receive(chunk: Buffer): void;
  /** Resolves when no answer is owed; rejects with the first violation. */
  settled(): Promise<void>;
  /** The number of answers that have come. */
  answers(): number;
}

/** `silenceMs` is the longest pause while an answer is owed. */
export function createAnswerTally(framing: Framing, silenceMs: number): AnswerTally {
  const owed = new Map<string, number>();
  let violation: string | undefined;
  let answers = 0;
  let rest: Buffer = Buffer.alloc(0);
  let wake = (): void => undefined;

  function take(message: string): void {
    const { method, error } = JSON.parse(message) as {
      method?: string;
      error?: { data?: { kind: unknown } };
    };
    if (method !== undefined) return;
    answers += 1;
    const kind = error?.data?.kind;
    if (error && (kind === 'internal' || !errorKinds.some((known) => known === kind))) {
      violation ??= `an error of kind ${String(kind)}: ${message.slice(0, 500)}`;
    }
    const idText = answerId(message);
    const count = owed.get(idText) ?? 0;
    if (count === 0) violation ??= `an unexpected answer: ${message.slice(0, 500)}`;
    else if (count === 1) owed.delete(idText);
    else owed.set(idText, count - 1);
  }

  return {
    owe(idText) {
      owed.set(idText, (owed.get(idText) ?? 0) + 1);
    },
    receive(chunk) {
      const bytes = Buffer.concat([rest, chunk]);
      let at = 0;
      for (let next = messageAt(bytes, at, framing); next; next = messageAt(bytes, at, framing)) {
        take(bytes.toString('utf8', next.start, next.end));
        at = next.end + (framing === 'lines' ? 1 : 0);
      }
      rest = bytes.subarray(at);
      wake();
    },
    async settled() {
      while (violation === undefined && owed.size > 0) {
        const isSilent = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(true), silenceMs);
          wake = () => {
            clearTimeout(timer);
            resolve(false);
          };
        });
        if (isSilent) violation ??= `no answer to ${[...owed.keys()].slice(0, 5).join(', ')}`;
      }
      if (violation !== undefined) throw new Error(violation);
    },
    answers: () => answers,
  };
}

/** Finds the next message if it has arrived completely. */
function messageAt(bytes: Buffer, at: number, framing: Framing): { start: number; end: number } | undefined {
  if (framing === 'lines') {
    const end = bytes.indexOf('\n', at);
    return end < 0 ? undefined : { start: at, end };
  }
  const header = /^Content-Length: (\d+)\r\n\r\n/.exec(bytes.toString('latin1', at, at + 40));
  if (!header) return undefined;
  const start = at + header[0].length;
  const end = start + Number(header[1]);
  return end > bytes.length ? undefined : { start, end };
}

/**
 * Reads the id as text, because it may have more digits than a double holds. Results begin with it, errors end with
 * it.
 */
function answerId(message: string): string {
  const first = /^\{(?:"jsonrpc":"2\.0",)?"id":("(?:[^"\\]|\\.)*"|[^,]+),/.exec(message)?.[1];
  return first ?? message.slice(message.lastIndexOf(',"id":') + ',"id":'.length, -1);
}
