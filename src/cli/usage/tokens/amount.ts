const units = ['', 'k', 'M', 'B', 'T'] as const;

/** Writes a large number: `950`, `1.2 k`, `12.3 M`, `123 B`. The space is a no-break one. */
export function amountText(count: number): string {
  const size = Math.abs(count);
  for (const [power, unit] of units.entries()) {
    const text = rounded(size / 1000 ** power, power);
    if (Number(text) < 1000 || unit === units.at(-1)) {
      return `${count < 0 ? '-' : ''}${grouped(text)}${unit && `\u00a0${unit}`}`;
    }
  }
  return String(count);
}

function rounded(scaled: number, power: number): string {
  return power > 0 && scaled < 99.95 ? scaled.toFixed(1).replace(/\.0$/, '') : scaled.toFixed(0);
}

/** Groups digits by three, if there are more than four. */
function grouped(text: string): string {
  return text.length > 4 && !text.includes('.') ? text.replace(/\B(?=(\d{3})+$)/g, '\u00a0') : text;
}
