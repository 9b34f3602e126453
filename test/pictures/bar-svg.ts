const width = 640;
const row = 34;
const strip = { x: 110, height: 26 };
const letter = 8.4;
const line = 20;
const margin = 10;

interface Strip {
  readonly caption: string;
  /** The text before the output, from the configuration. */
  readonly prefix: string;
  readonly text: string;
  /** As `#rrggbb`. */
  readonly colour: string;
}

/** Draws a status bar in several states, with a tooltip or a menu below the last one. */
export function barSvg(title: string, strips: readonly Strip[], details: readonly string[]): string {
  const top = margin + strips.length * row;
  const height = top + (details.length > 0 ? details.length * line + 2 * margin : 0);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#30363d"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">
${strips.map((each, index) => stripOf(each, margin + index * row)).join('')}${menuOf(details, top)}</g>
</svg>
`;
}

function stripOf({ caption, prefix, text, colour }: Strip, y: number): string {
  const end = width - margin - 12;
  const [left, middle] = [end - (prefix.length + text.length) * letter, end - text.length * letter];
  return [
    `<text x="${margin + 6}" y="${y + 18}" fill="#8b949e">${caption}</text>`,
    `<rect x="${strip.x}" y="${y}" width="${width - strip.x - margin}" height="${strip.height}" fill="#0d1117"/>`,
    `<text y="${y + 18}">${span(prefix, left)}${span(text, middle, ` fill="${colour}"`)}</text>\n`,
  ].join('\n');
}

function menuOf(details: readonly string[], y: number): string {
  if (details.length === 0) return '';
  const columns = Math.max(...details.map((text) => text.length));
  const x = width - margin - columns * letter - 24;
  const rows = details.map(
    (text, index) => `<text y="${y + margin + 9 + index * line}">${span(text, x + 12)}</text>\n`,
  );
  return `<rect x="${x.toFixed(1)}" y="${y - 4}" width="${(columns * letter + 24).toFixed(1)}" height="${details.length * line + 12}" rx="6" fill="#161b22" stroke="#484f58"/>\n${rows.join('')}`;
}

/** Gives the text its place and length, so that it is at the right place in any font. */
function span(text: string, x: number, attributes = ''): string {
  if (text === '') return '';
  const length = (text.length * letter).toFixed(1);
  return `<tspan x="${x.toFixed(1)}" textLength="${length}"${attributes}>${escaped(text).replaceAll(' ', '\u00a0')}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
