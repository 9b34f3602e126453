import { PassThrough, Writable } from 'node:stream';
import { confirm, intro, isCancel, log, outro, select, updateSettings } from '@clack/prompts';
import type { TextStyle } from './text-style.js';
import { withoutJoints, wrapped } from './wrapped-text.js';
import { createLinePrompts } from './line-prompts.js';
import type { PromptContext, Prompts } from './prompts.js';
import type { RedeemIo, OutputStream } from '../io.js';

/** The columns of the vertical line that clack draws on the left. */
const guideColumns = 3;

/** The columns of the mark before each option, and the colours of the vertical line, which clack counts as columns. */
const optionColumns = 12;

/** Asks in the way that the terminal allows. */
export function createPrompts({ TERM }: NodeJS.ProcessEnv, options: PromptContext): Prompts {
  return TERM === 'dumb' ? createLinePrompts(options) : createClackPrompts(options);
}

/** Asks with lists to move through with the arrow keys. */
function createClackPrompts(options: PromptContext): Prompts {
  const { textStyle } = options;
  let isAsking = false;
  // Keys typed before a question is shown must not answer it.
  const input = createKeyboard(options.input, () => isAsking);
  const columns = Math.max(1, textStyle.columns - guideColumns);
  const output = createPlainScreen(options.output, textStyle);
  const inputEnd = new AbortController();
  // No answer comes from a terminal that is closed.
  options.input.once('end', () => inputEnd.abort());
  // Ctrl-D cancels as Ctrl-C does.
  updateSettings({ aliases: { '\u0004': 'cancel' } });

  /** Asks with a signal that lives as long as the question: clack reacts to an abort even after the answer. */
  async function ask<T>(
    question: (signal: AbortSignal) => Promise<T>,
  ): Promise<Exclude<T, symbol> | undefined> {
    const own = new AbortController();
    const cancel = (): void => own.abort();
    const signals = [options.signal, inputEnd.signal];
    for (const signal of signals) signal.addEventListener('abort', cancel);
    if (signals.some(({ aborted }) => aborted)) cancel();
    isAsking = true;
    try {
      const answer = await question(own.signal);
      return isCancel(answer) ? undefined : (answer as Exclude<T, symbol>);
    } finally {
      isAsking = false;
      for (const signal of signals) signal.removeEventListener('abort', cancel);
    }
  }

  return {
    columns,
    open: (title) => intro(title, { output }),
    show: (lines) => log.message([...lines], { output }),
    async choose(question, choices) {
      const message = wrapped(question, columns).join('\n');
      const rows = choices.map(({ label, isDisabled = false }, value) => ({
        value,
        label: wrapped(label, Math.max(1, columns - optionColumns))
          .map(withoutJoints)
          .join('\n'),
        disabled: isDisabled,
      }));
      const answer = await ask((signal) => select({ message, options: rows, input, output, signal }));
      return answer === undefined ? undefined : choices[answer]?.value;
    },
    async confirm(message) {
      const question = { message, initialValue: false, input, output };
      return (await ask((signal) => confirm({ ...question, signal }))) ?? false;
    },
    close(lines) {
      const [first = '', ...others] = lines;
      // The terminal has echoed Ctrl-C as `^C`.
      if (options.signal.aborted) output.write('\n');
      outro([first, ...others.map((line) => `${' '.repeat(guideColumns)}${line}`)].join('\n'), { output });
    },
  };
}

/**
 * Forwards the keys typed while a question is shown. The stream neither ends nor fails: node's readline, which clack
 * uses, throws if it cannot restore the modes of a closed terminal.
 */
function createKeyboard(stdin: RedeemIo['stdin'], isAsking: () => boolean): PassThrough {
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: stdin.isTTY,
    setRawMode: (isRaw: boolean) => stdin.setRawMode?.(isRaw),
  });
  stdin.on('data', (typed: Buffer) => {
    if (isAsking()) keyboard.write(typed);
  });
  return keyboard;
}

/**
 * Removes colours and replaces characters beyond ASCII in what clack draws, as the text style asks. A terminal that does
 * not know its width has that of the style.
 */
function createPlainScreen(
  screen: OutputStream,
  { hasColour, hasUnicode, columns }: TextStyle,
): OutputStream {
  if (hasColour && hasUnicode && screen.columns) return screen;
  const output = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      const uncoloured = hasColour ? text : text.replace(/\u001b\[[\d;]*m/g, '');
      const plain = hasUnicode
        ? uncoloured
        : uncoloured.replace(/[^\u0000-\u007f]/g, (sign) => asciiSigns[sign] ?? '?');
      // Writes to a terminal are synchronous, and the screen itself reports its errors.
      screen.write(plain);
      done();
    },
  });
  screen.on('resize', () => output.emit('resize'));
  return Object.defineProperties(output, {
    isTTY: { get: () => screen.isTTY },
    columns: { get: () => (screen.columns === 0 ? columns : screen.columns) },
    rows: { get: () => screen.rows },
  });
}

/** ASCII replacements of the same width. */
const asciiSigns: Readonly<Record<string, string>> = {
  '◆': '*',
  '◇': 'o',
  '■': 'x',
  '▲': '!',
  '●': '>',
  '○': ' ',
  '│': '|',
  '┌': '+',
  '└': '+',
  '↑': '^',
  '↓': 'v',
  '•': '-',
};
