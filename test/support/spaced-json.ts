import fc from 'fast-check';

/** Puts white space wherever JSON allows it; `blanks` are taken in turn. */
function spaced(compact: string, blanks: readonly string[]): string {
  let taken = 0;
  const nextBlank = (): string => blanks[taken++ % blanks.length] ?? '';
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^"{}[\]:,]+/g;
  return nextBlank() + compact.replace(tokens, (token) => token + nextBlank());
}

const blanks = fc.array(fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 3 }), {
  minLength: 1,
});

/** The compact text of any JSON value, and the same with white space between its tokens. */
export const spacedJson: fc.Arbitrary<{ compact: string; text: string }> = withBlanks(
  fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
);

export function withBlanks(compact: fc.Arbitrary<string>): fc.Arbitrary<{ compact: string; text: string }> {
  return fc.tuple(compact, blanks).map(([text, between]) => ({ compact: text, text: spaced(text, between) }));
}
