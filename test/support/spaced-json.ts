import fc from 'fast-check';

/** Adds white space wherever JSON allows it; `blanks` are used in turn. */
function spaced(compact: string, blanks: readonly string[]): string {
  let taken = 0;
  const nextBlank = (): string => blanks[taken++ % blanks.length] ?? '';
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^"{}[\]:,]+/g;
  return nextBlank() + compact.replace(tokens, (token) => token + nextBlank());
}

const blanks = fc.array(fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 3 }), {
  minLength: 1,
});

/** A JSON value, its compact text, and the same text with white space between its tokens. */
export interface SpacedJson<T> {
  readonly value: T;
  readonly compact: string;
  readonly text: string;
}

export const spacedJson: fc.Arbitrary<SpacedJson<unknown>> = withBlanks(
  fc.jsonValue({ stringUnit: 'binary' }),
);

export function withBlanks<T>(values: fc.Arbitrary<T>): fc.Arbitrary<SpacedJson<T>> {
  return fc.tuple(values, blanks).map(([value, between]) => {
    const compact = JSON.stringify(value);
    return { value, compact, text: spaced(compact, between) };
  });
}

/** Removes the white space between the tokens. Does not parse: JSON.parse of node 24 may return a wrong name. */
export function withoutBlanks(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}
