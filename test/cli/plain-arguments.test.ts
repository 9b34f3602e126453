import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import { isPlainServerCommand } from '../../src/cli/plain-arguments.js';

test.each([
  'app-server',
  'app-server --stdio',
  'app-server --listen stdio://',
  '-s read-only -a untrusted app-server',
  'app-server --analytics-default-enabled',
])('%s is read without parseArgs', (line) => {
  expect(isPlainServerCommand(line.split(' '))).toBe(true);
});

test('a command line that is read without parseArgs starts the server by parseArgs, too', () => {
  const word = fc.constantFrom(
    ...[
      'app-server',
      '--stdio',
      '--listen',
      'stdio://',
      '-s',
      'read-only',
      '-a',
      '--model',
      'gpt',
      '-c',
      'a=1',
      '--',
      '-x',
    ],
    ...['--version', '--help', 'help', '-sread-only', '--yolo', '', '-'],
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (args) => {
      if (!isPlainServerCommand(args)) return;
      expect(readCommandLine(args)).toEqual({ kind: 'appServer', overrides: [], warnings: [] });
    }),
    { numRuns: 2000 },
  );
});
