import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact } from '../../../src/util/redaction/redact.js';

test.each([
  ['a secret b secret', ['secret'], 'a <redacted> b <redacted>'],
  ['SECRET', ['secret'], '<redacted>'],
  ['secret', ['SECRET'], '<redacted>'],
  ['secretsecret', ['secret'], '<redacted><redacted>'],
  ['secret-long', ['secret', 'secret-long'], '<redacted>'],
  ['a.b a+b', ['a.b'], '<redacted> a+b'],
  ['[x](y){z}^$|?*+\\', ['[x](y){z}^$|?*+\\'], '<redacted>'],
  ['a$&b', ['$&'], 'a<redacted>b'],
  ['text', [], 'text'],
  ['text', ['', 'none'], 'text'],
  ['Ä@example.com', ['ä@example.com'], '<redacted>'],
  ['me+x%40example.com', ['me+x@example.com'], '<redacted>'],
  ['me\\u002Bx\\u0040example.com', ['me+x@example.com'], '<redacted>'],
  ['me&#43;x&#x40;example.com', ['me+x@example.com'], '<redacted>'],
  ['%C3%a4@example.com', ['ä@example.com'], '<redacted>'],
])('%j without %j becomes %j', (text, secrets, masked) => {
  expect(redact(text, secrets)).toBe(masked);
});

test('every occurrence of a secret is removed', () => {
  const secret = fc.string({ minLength: 11, maxLength: 40 });
  fc.assert(
    fc.property(fc.string(), secret, fc.string(), (before, hidden, after) => {
      expect(redact(before + hidden + after, [hidden])).not.toContain(hidden);
    }),
  );
});
