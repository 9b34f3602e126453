import { styleText } from 'node:util';
import type { Look } from './look.js';

export type Style = 'red' | 'yellow' | 'green' | 'bold' | 'dim';

export function paint(style: Style, text: string, { hasColour }: Look): string {
  // Who asks knows best where the text goes.
  return hasColour ? styleText(style, text, { validateStream: false }) : text;
}
