import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOptions } from '../../../src/cli/terminal/command-options.js';

const options = {
  json: { type: 'boolean', default: false },
  watch: { type: 'boolean' },
  format: { type: 'string' },
  'max-age': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const words = fc.oneof(
  fc.constantFrom('--json', '--watch', '--format', '--max-age', '--help', '-h', '--', '-', '', '--jso', '60'),
  fc.constantFrom('--format=x', '--json=true', '--no-json', '-hj', '--__proto__', '--toString', '-1', 'x y'),
  fc.string(),
);

/** Returns the values or the message of the error. */
function outcomeOf(read: () => object): unknown {
  try {
    return { ...read() };
  } catch (error) {
    return (error as Error).message;
  }
}

test('options are read as by parseArgs of node, with the same errors', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 5 }), (args) => {
      expect(outcomeOf(() => readOptions(args, options))).toEqual(
        outcomeOf(() => parseArgs({ args, options }).values),
      );
    }),
    { numRuns: 2000 },
  );
});
