import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A stream that keeps its text; `columns` make it a terminal. */
export interface Screen extends Writable {
  readonly isTTY: boolean;
  columns: number;
  rows: number;
  text(): string;
  /** Resolves when the text matches, with or without its escape sequences. */
  until(pattern: RegExp): Promise<void>;
  /** Makes every further write fail. */
  breakWith(code: string): void;
}

export function createScreen(columns?: number): Screen {
  let text = '';
  let broken: string | undefined;
  const waiting = new Set<() => void>();
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (broken !== undefined) {
        done(Object.assign(new Error(`write ${broken}`), { code: broken }));
        return;
      }
      text += chunk.toString('utf8');
      for (const resume of waiting) resume();
      done();
    },
  });
  return Object.assign(stream, {
    isTTY: columns !== undefined,
    columns: columns ?? 0,
    rows: 40,
    text: () => text,
    async until(pattern: RegExp) {
      while (!pattern.test(text) && !pattern.test(stripVTControlCharacters(text))) {
        await new Promise<void>((resume) => {
          waiting.add(() => {
            resume();
          });
        });
      }
    },
    breakWith(code: string) {
      broken = code;
    },
  });
}
