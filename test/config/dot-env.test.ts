import fc from 'fast-check';
import { expect, test } from 'vitest';
import { variablesFromDotEnv } from '../../src/config/dot-env.js';

const environment = { A: 'outer' };

function variablesOf(text: string): Record<string, string> {
  return variablesFromDotEnv(Buffer.from(text), environment);
}

test.each([
  ['K=v', 'v'],
  [' K = v ', 'v'],
  ['\tK\t=\tv\t', 'v'],
  ['export K=v', 'v'],
  ['export   K=v', 'v'],
  ['K=v\r\n', 'v'],
  ['K=', ''],
  ['K=""', ''],
  ["K=''", ''],
  ['K=#x', ''],
  ['K= #x', ''],
  ['K="a b"', 'a b'],
  ["K='a b'", 'a b'],
  ['K=a\\ b', 'a b'],
  ['K=a"b c"d', 'ab cd'],
  ['K=v # c', 'v'],
  ["K=v  # don't", 'v'],
  ['K="v" # c', 'v'],
  ['K=v#c', 'v#c'],
  ['K="v"#c', 'v#c'],
  ['K="v # w"', 'v # w'],
  ['K==,;&*~@?!(){}[]<>`é', '=,;&*~@?!(){}[]<>`é'],
  ['K=http://u:p#x@h:1', 'http://u:p#x@h:1'],
  ['K=a\\nb', 'a\nb'],
  ['K="a\\nb"', 'a\nb'],
  ['K=\\\\\\"\\\'\\$A', '\\"\'$A'],
  ["K='C:\\dir'", 'C:\\dir'],
  ['K="a\nb"', 'a\nb'],
  ["K='a\r\nb'", 'a\r\nb'],
  ["K=it's\nL=x'", 'its\nL=x'],
  ['K=$A', 'outer'],
  ['K=${A}', 'outer'],
  ['K="${A}"', 'outer'],
  ['K="$A x"', 'outer x'],
  ['K=$A_b', 'outer_b'],
  ["K='$A'", '$A'],
  ['K=$unknown', ''],
  ['K=${constructor}', ''],
  ['K=${A:-d}', ''],
  ['A=inner\nK=$A', 'inner'],
  ['CODEX_X=1\nK=${CODEX_X}', '1'],
  ['K=1\nK=2', '2'],
  ['K=1\nK=a b', '1'],
  ['K=a\rL=b', 'a\rL=b'],
  ['X=a\0b\nK=v', 'v'],
  ['# \0\nK=v', 'v'],
  ['\ufeffX=1\nK=v', 'v'],
])('the value of K in %j is %j', (text, value) => {
  expect(variablesOf(text).K).toBe(value);
});

test.each([
  ...['K=a b', 'K=v\tw', 'K="v" w', 'K', 'export K', 'EXPORT K=v', 'set K=v', 'K:v', 'K+=v', '=v'],
  ...['; c', '// c', 'K-X=v', '1K=v', 'K X=v', 'É=v', 'K=\\t', 'K=C:\\dir', 'K="\\x"', 'K=\\#'],
  ...["K='a\\'b'", 'K=${A', 'K="$A"', '\ufeffK=v', 'K=a\0b', 'K\0=v'],
])('the line %j is skipped, and the next one counts', (line) => {
  expect(variablesOf(`${line}\nL=v\n`)).toEqual({ L: 'v' });
});

test('a quote that is never closed loses its line and all lines after it', () => {
  expect(variablesOf('J=1\nK="v\nL=1\n')).toEqual({ J: '1' });
});

test('a line that is not UTF-8 is skipped', () => {
  const bytes = Buffer.from('J=1\nK=\xff\nL=2\n', 'latin1');
  expect(variablesFromDotEnv(bytes, {})).toEqual({ J: '1', L: '2' });
});

test('nothing is read from UTF-16', () => {
  expect(variablesFromDotEnv(Buffer.from('\ufeffK=v\nL=v\n', 'utf16le'), {})).toEqual({});
});

test('names that begin with CODEX_ are ignored', () => {
  expect(variablesOf('CODEX_HOME=/a\ncodex_x=1\nCodex_Y=1\nCODEX=2\nCODEXX=3\n__proto__=4\n')).toEqual(
    Object.fromEntries([
      ['CODEX', '2'],
      ['CODEXX', '3'],
      ['__proto__', '4'],
    ]),
  );
});

test('values that repeat each other do not grow without bound', () => {
  const bytes = Buffer.from(`A=${'a'.repeat(1024)}\n${'A=${A}${A}\n'.repeat(200)}`);
  const { A = '' } = variablesFromDotEnv(bytes, {});
  expect(A.length).toBeLessThanOrEqual(64 * 1024 * 1024);
});

const anyText = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));

test('every text survives in double quotes, with backslashes', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const quoted = text.replace(/[\\"$]/g, '\\$&');
      expect(variablesOf(`J=1\nK="${quoted}"\nL=2\n`)).toEqual({ J: '1', K: text, L: '2' });
    }),
  );
});

test('every text without an apostrophe or a backslash survives in apostrophes', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const literal = text.replace(/['\\]/g, '');
      expect(variablesOf(`J=1\nK='${literal}'\nL=2\n`)).toEqual({ J: '1', K: literal, L: '2' });
    }),
  );
});

test('no file is too odd, and lines before an odd one keep their values', () => {
  const piece = fc.constantFrom('K', '=', '"', "'", '\\', '$', '{', '}', '#', ' ', '\n', '\r', '\0', 'é');
  const odd = fc.oneof(
    fc.uint8Array(),
    fc.array(piece).map((pieces) => Buffer.from(pieces.join(''))),
  );
  fc.assert(
    fc.property(odd, (bytes) => {
      const variables = variablesFromDotEnv(Buffer.concat([Buffer.from('JJJ=1\n'), bytes]), {});
      expect(variables.JJJ).toBe('1');
    }),
  );
});
