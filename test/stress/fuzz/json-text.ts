/** Returns numbers from 0 up to but excluding 1. */
export type Random = () => number;

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)]!;
}

/** Returns an integer from 0 up to but excluding `bound`. */
export function below(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/**
 * Creates the JSON text of any value in forms that no serializer writes: spaces, escapes, odd numbers, repeated
 * members.
 */
export function jsonText(random: Random, depth = 3): string {
  const kind = depth === 0 ? below(random, 4) : below(random, 6);
  const items = (item: () => string): string =>
    Array.from({ length: below(random, 4) }, () => blank(random) + item() + blank(random)).join(',');
  switch (kind) {
    case 0:
      return pick(random, ['null', 'true', 'false']);
    case 1:
      return numberText(random);
    case 2:
    case 3:
      return stringText(random);
    case 4:
      return `[${items(() => jsonText(random, depth - 1))}]`;
    default:
      return objectText(
        random,
        Array.from({ length: below(random, 4) }, () => [stringText(random), jsonText(random, depth - 1)]),
      );
  }
}

/** Writes an object with these members in this order; keys are JSON. */
export function objectText(random: Random, members: readonly (readonly [string, string])[]): string {
  const parts = members.map(
    ([key, value]) => blank(random) + key + blank(random) + ':' + blank(random) + value,
  );
  return `{${parts.join(`${blank(random)},`)}${blank(random)}}`;
}

export function numberText(random: Random): string {
  return pick(random, [
    () => String(below(random, 100)),
    () => String(-below(random, 100)),
    () => String(random() * 1e6),
    () => pick(random, ['-0', '0.0', '1e3', '1E+2', '5e-324', '1e400', '-1.50', '9007199254740993']),
    () =>
      pick(random, ['9223372036854775807', '9223372036854775808', '-9223372036854775808', '1'.repeat(40)]),
  ])();
}

const pieces = [
  'a', 'id', 'method', 'limit', '0', ' ', '/', ',', ':', '{', '[', 'é', '漢', '😀', '\u2028', '\u0085', '\u007f',
  '\\"', '\\\\', '\\/', '\\b', '\\n', '\\u0000', '\\u0061', '\\u2028', '\\ud83d\\ude00', '\\uD83D\\uDE00',
]; // prettier-ignore

export function stringText(random: Random): string {
  const parts = Array.from({ length: below(random, 5) }, () => pick(random, pieces));
  if (random() < 0.005) parts.push(pick(random, ['\\ud800', '\\uDFFF', '\\ude00\\ud83d', '\\\\ud800']));
  if (random() < 0.002) parts.push('x'.repeat(below(random, 20_000)));
  return `"${parts.join('')}"`;
}

export function blank(random: Random): string {
  return random() < 0.9 ? '' : pick(random, [' ', '\t', '\r', '  \t\r ']);
}
