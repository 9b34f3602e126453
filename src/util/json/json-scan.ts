const code = { quote: 0x22, comma: 0x2c, colon: 0x3a, backslash: 0x5c } as const;
const openings = { array: 0x5b, object: 0x7b } as const;

/**
 * Returns how deep the arrays and objects of a JSON text nest, 0 for a scalar; undefined for a text that JSON.parse does
 * not accept. Builds no value: it takes a byte for each level, at most for half of the text. Does not recurse.
 */
export function scannedDepth(text: string): number | undefined {
  let levels = new Uint8Array(256);
  let depth = 0;
  let deepest = 0;
  let at = blanksEnd(text, 0);
  for (;;) {
    // A value starts here.
    const opening = text.charCodeAt(at);
    if (opening === openings.array || opening === openings.object) {
      if (depth === levels.length) levels = grown(levels);
      levels[depth] = opening;
      depth += 1;
      deepest = Math.max(deepest, depth);
      at = blanksEnd(text, at + 1);
      if (!closes(text.charCodeAt(at), opening)) {
        if (2 * depth > text.length) return undefined;
        if (opening === openings.object) at = nameEnd(text, at);
        if (at < 0) return undefined;
        continue;
      }
    } else {
      at = scalarEnd(text, at);
      if (at < 0) return undefined;
      at = blanksEnd(text, at);
    }
    // A value or the last value of an array or object has ended before this position.
    while (depth > 0 && closes(text.charCodeAt(at), levels[depth - 1])) {
      depth -= 1;
      at = blanksEnd(text, at + 1);
    }
    if (depth === 0) break;
    if (text.charCodeAt(at) !== code.comma) return undefined;
    at = blanksEnd(text, at + 1);
    if (levels[depth - 1] === openings.object) at = nameEnd(text, at);
    if (at < 0) return undefined;
  }
  return at === text.length ? deepest : undefined;
}

/** Reports whether a character closes what another one has opened: in ASCII, `]` and `}` follow two after them. */
function closes(closing: number, opening: number | undefined): boolean {
  return opening !== undefined && closing === opening + 2;
}

function grown(levels: Uint8Array): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(2 * levels.length);
  more.set(levels);
  return more;
}

function blanksEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    const character = text.charCodeAt(at);
    if (character !== 0x20 && character !== 0x0a && character !== 0x0d && character !== 0x09) return at;
    at += 1;
  }
}

/** Returns the start of the value after the name that starts at `from`, or -1. */
function nameEnd(text: string, from: number): number {
  const end = text.charCodeAt(from) === code.quote ? stringEnd(text, from) : -1;
  const colon = end < 0 ? -1 : blanksEnd(text, end);
  return text.charCodeAt(colon) === code.colon ? blanksEnd(text, colon + 1) : -1;
}

const otherScalar = /(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)/y;

function scalarEnd(text: string, from: number): number {
  if (text.charCodeAt(from) === code.quote) return stringEnd(text, from);
  otherScalar.lastIndex = from;
  return otherScalar.test(text) ? otherScalar.lastIndex : -1;
}

const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const character = text.charCodeAt(at);
    if (character === code.quote) return at + 1;
    if (character === code.backslash) {
      escape.lastIndex = at;
      if (!escape.test(text)) return -1;
      at = escape.lastIndex;
    } else if (character >= 0x20) at += 1;
    else return -1;
  }
}
