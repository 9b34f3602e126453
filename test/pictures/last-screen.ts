interface Cell {
  readonly sign: string;
  readonly codes: string;
}

/**
 * Returns the last screen of a terminal, with its colours, after this output. Supports the escape sequences that move
 * the cursor, erase and colour. The screen is as large as the output needs.
 */
export function lastScreen(written: string): string {
  const rows: (Cell[] | undefined)[] = [];
  let row = 0;
  let column = 0;
  let codes = '';
  for (const [sequence, sign] of written.matchAll(/\u001b\[[?\d;]*[A-Za-z]|([^])/gu)) {
    const [, parameter = '', name = ''] = /^\u001b\[([?\d;]*)([A-Za-z])$/.exec(sequence) ?? [];
    const count = Number(parameter) || 1;
    if (sign === '\n') {
      row += 1;
      column = 0;
    } else if (sign === '\r' || name === 'G') column = 0;
    else if (sign !== undefined) {
      const cells = (rows[row] ??= []);
      while (cells.length < column) cells.push({ sign: ' ', codes: '' });
      cells[column] = { sign, codes };
      column += 1;
    } else if (name === 'A') row = Math.max(0, row - count);
    else if (name === 'B') row += count;
    else if (name === 'D') column = Math.max(0, column - count);
    else if (name === 'H') {
      const [toRow = 1, toColumn = 1] = parameter.split(';').map((number) => Number(number) || 1);
      row = toRow - 1;
      column = toColumn - 1;
    } else if (name === 'K') rows[row] = parameter === '2' ? [] : (rows[row] ?? []).slice(0, column);
    else if (name === 'J') {
      rows.length = Math.min(rows.length, row + 1);
      rows[row] = (rows[row] ?? []).slice(0, column);
    } else if (name === 'm') codes = codesAfter(codes, parameter);
    else if (!parameter.startsWith('?')) throw new Error(`unknown sequence ${JSON.stringify(sequence)}`);
  }
  return Array.from(rows, (cells) => lineOf(cells ?? [])).join('\n');
}

/** Codes from 30 are colours, 39 is none; of the others only 1 and 2 are supported, which 22 ends. */
function codesAfter(codes: string, parameter: string): string {
  const kept = codes.split(';').filter((code) => code !== '');
  const isColour = (code: string): boolean => Number(code) >= 30;
  if (parameter === '0' || parameter === '') return '';
  if (parameter === '22') return kept.filter(isColour).join(';');
  const others = kept.filter((code) => !isColour(parameter) || !isColour(code));
  return (parameter === '39' ? others : [...others, parameter]).join(';');
}

function lineOf(cells: readonly Cell[]): string {
  let codes = '';
  let line = '';
  for (const cell of cells) {
    if (cell.codes !== codes) line += cell.codes === '' ? '\u001b[0m' : `\u001b[0;${cell.codes}m`;
    codes = cell.codes;
    line += cell.sign;
  }
  return line;
}
