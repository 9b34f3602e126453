import { Writable } from 'node:stream';
import { confirm, intro, isCancel, log, outro, select, updateSettings } from '@clack/prompts';
import type { Look } from './look.js';
import { withoutJoints, wrapped } from './plain-text.js';
import type { Prompts } from './prompts.js';
import type { RedeemIo, Screen } from './redeem-io.js';

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
  const { input, look } = options;
  const columns = Math.max(1, look.columns - guideColumns);
  const output = look.hasUnicode ? options.output : asciiScreen(options.output);
  const ended = new AbortController();
  // A terminal that is gone answers no more.
  input.once('end', () => ended.abort());
  const signal = AbortSignal.any([options.signal, ended.signal]);
  // Ctrl-D gives up as Ctrl-C does.
  updateSettings({ aliases: { '\u0004': 'cancel' } });

  return {
    columns,
    open: (title) => intro(title, { output }),
    say: (lines) => log.message([...lines], { output }),
    async choose(question, choices) {
      const answer = await select({
        message: wrapped(question, columns).join('\n'),
        options: choices.map(({ label, isDisabled = false }, value) => ({
          value,
          label: wrapped(label, columns - markColumns)
            .map(withoutJoints)
            .join('\n'),
          disabled: isDisabled,
        })),
        input,
        output,
        signal,
      });
      return isCancel(answer) ? undefined : choices[answer]?.value;
    },
    async confirm(question) {
      const answer = await confirm({ message: question, initialValue: false, input, output, signal });
      return !isCancel(answer) && answer;
    },
    close(lines) {
      const [first = '', ...others] = lines;
      outro([first, ...others.map((line) => `${' '.repeat(guideColumns)}${line}`)].join('\n'), { output });
    },
  };
}

/** Puts signs of ASCII, as wide, in the place of those that are drawn. */
function asciiScreen(screen: Screen): Screen {
  const output = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      screen.write(
        text.replace(/[^\u0000-\u007f]/g, (sign) => asciiSigns[sign] ?? '?'),
        done,
      );
    },
  });
  screen.on('resize', () => output.emit('resize'));
  return Object.defineProperties(output, {
    isTTY: { get: () => screen.isTTY },
    columns: { get: () => screen.columns },
    rows: { get: () => screen.rows },
  });
}

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
