import { wrapped } from './wrapped-text.js';

/** The room that a value needs beside its label. */
const leastColumns = 16;

/** Renders values with their labels in a column of their own, unless the terminal is too narrow for that. */
export function labelledRows(
  rows: readonly (readonly [label: string, value: string])[],
  columns: number,
): string[] {
  const labelColumns = Math.max(0, ...rows.map(([label]) => label.length)) + 2;
  const isNarrow = columns - labelColumns < leastColumns;
  return rows.flatMap(([label, value]) =>
    isNarrow
      ? wrapped(`${label} ${value}`, columns, { next: '  ' })
      : wrapped(value, columns, { first: label.padEnd(labelColumns), next: ' '.repeat(labelColumns) }),
  );
}
