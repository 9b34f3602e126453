import { Writable } from 'node:stream';
import type { Look } from './look.js';
import type { Screen } from './io.js';

/** A screen for a library that draws in colour and with signs of its own: what it draws is fitted to the look. */
export function createPlainScreen(screen: Screen, { hasColour, hasUnicode }: Look): Screen {
  if (hasColour && hasUnicode) return screen;
  const output = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      const uncoloured = hasColour ? text : text.replace(/\u001b\[[\d;]*m/g, '');
      const plain = hasUnicode
        ? uncoloured
        : uncoloured.replace(/[^\u0000-\u007f]/g, (sign) => asciiSigns[sign] ?? '?');
      // A terminal is written to at once; where it is gone, it says so itself.
      screen.write(plain);
      done();
    },
  });
  screen.on('resize', () => output.emit('resize'));
  return Object.defineProperties(output, {
    isTTY: { get: () => screen.isTTY },
    columns: { get: () => screen.columns },
    rows: { get: () => screen.rows },
  });
}

/** As wide as what they stand for. */
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
