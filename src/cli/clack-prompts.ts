import { PassThrough } from 'node:stream';
import { confirm, intro, isCancel, log, outro, select, updateSettings } from '@clack/prompts';
import type { Look } from './look.js';
import { withoutJoints, wrapped } from './plain-text.js';
import { createPlainScreen } from './plain-screen.js';
import type { Prompts } from './prompts.js';
import type { RedeemIo, Screen } from './io.js';

/** What stands left of each line. */
const guideColumns = 3;

/** Of options, besides. */
const markColumns = 2;

/** Asks with lists that are walked through with the arrow keys. */
export function createClackPrompts(options: {
  input: RedeemIo['stdin'];
  output: Screen;
  signal: AbortSignal;
  look: Look;
}): Prompts {
  const { look } = options;
  let isAsking = false;
  // What is typed ahead might agree to what is not seen yet.
  const input = createKeyboard(options.input, () => isAsking);
  const columns = Math.max(1, look.columns - guideColumns);
  const output = createPlainScreen(options.output, look);
  const ended = new AbortController();
  // A terminal that is gone answers no more.
  options.input.once('end', () => ended.abort());
  // Ctrl-D gives up as Ctrl-C does.
  updateSettings({ aliases: { '\u0004': 'cancel' } });

  /** Each question has a signal of its own: to one that outlives it a question would react once more. */
  async function ask<T>(
    question: (signal: AbortSignal) => Promise<T>,
  ): Promise<Exclude<T, symbol> | undefined> {
    const own = new AbortController();
    const giveUp = (): void => own.abort();
    const signals = [options.signal, ended.signal];
    for (const signal of signals) signal.addEventListener('abort', giveUp);
    if (signals.some(({ aborted }) => aborted)) giveUp();
    isAsking = true;
    try {
      const answer = await question(own.signal);
      return isCancel(answer) ? undefined : (answer as Exclude<T, symbol>);
    } finally {
      isAsking = false;
      for (const signal of signals) signal.removeEventListener('abort', giveUp);
    }
  }

  return {
    columns,
    open: (title) => intro(title, { output }),
    say: (lines) => log.message([...lines], { output }),
    async choose(question, choices) {
      const message = wrapped(question, columns).join('\n');
      const rows = choices.map(({ label, isDisabled = false }, value) => ({
        value,
        label: wrapped(label, columns - markColumns)
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
      // The terminal has shown a Ctrl-C as `^C`.
      if (options.signal.aborted) output.write('\n');
      outro([first, ...others.map((line) => `${' '.repeat(guideColumns)}${line}`)].join('\n'), { output });
    },
  };
}

/**
 * A stream with what is typed, which neither ends nor fails: Node's readline, which the questions are made of, throws
 * where it cannot give the modes of a closed terminal back.
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
