const cell = { width: 8.4, height: 18 };
const margin = 14;
const fontSize = 14;

const colours: Readonly<Record<string, string>> = {
  '31': '#ff7b72',
  '32': '#7ee787',
  '33': '#e3b341',
  '36': '#56d4dd',
  '90': '#8b949e',
};

interface Style {
  readonly colour: string | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

const plain: Style = { colour: undefined, isBold: false, isDim: false };

/** Draws a terminal on which a command was typed and has written this text. */
export function terminalSvg(command: string, output: string, columns: number): string {
  const lines = [`$ ${command}`, ...output.trimEnd().split('\n')];
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  const rows = lines.map((line, index) => row(line, margin + (index + 0.75) * cell.height)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(command)}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${fontSize}" fill="#e6edf3">
${rows}</g>
</svg>
`;
}

/**
 * Spaces become no-break spaces, which viewers do not collapse. Every run of one style has its own place and length, so
 * that it is at the right place in any font.
 */
function row(line: string, y: number): string {
  let style = plain;
  let column = 0;
  let spans = '';
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    const codes = /^\u001b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) style = codes.split(';').reduce(styled, style);
    else if (part !== '') {
      spans += span(part, style, column);
      column += part.length;
    }
  }
  return spans === '' ? '' : `<text y="${y}">${spans}</text>\n`;
}

function styled(style: Style, code: string): Style {
  if (code === '0' || code === '') return plain;
  if (code === '1') return { ...style, isBold: true };
  if (code === '2') return { ...style, isDim: true };
  if (code === '22') return { ...style, isBold: false, isDim: false };
  return { ...style, colour: colours[code] };
}

function span(text: string, { colour, isBold, isDim }: Style, column: number): string {
  const attributes = [
    `x="${(margin + column * cell.width).toFixed(1)}"`,
    `textLength="${(text.length * cell.width).toFixed(1)}"`,
    ...(colour ? [`fill="${colour}"`] : []),
    ...(isBold ? ['font-weight="bold"'] : []),
    ...(isDim ? ['opacity="0.6"'] : []),
  ];
  return `<tspan ${attributes.join(' ')}>${escaped(text).replaceAll(' ', '\u00a0')}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
