import { expect, test } from 'vitest';
import { argumentsForUpstream, readCommandLine } from '../../src/cli/start/command-line.js';

function argumentsFor(...args: string[]): unknown {
  const command = readCommandLine(args);
  return command.kind === 'appServer' ? [command.upstream, argumentsForUpstream(args)] : command;
}

test.each([
  [['app-server', '--upstream', '/a'], ['app-server']],
  [['--upstream', '/a', 'app-server'], ['app-server']],
  [['--upstream=/a'], ['app-server']],
  [
    ['--upstream', '/a', '-c', 'a="b c"', '-c=d=e'],
    ['--config=a="b c"', '--config=d=e', 'app-server'],
  ],
  [
    [
      '-s',
      'read-only',
      '-a',
      'untrusted',
      '-a',
      'never',
      '-m',
      'x',
      '--yolo',
      'app-server',
      '--upstream',
      '/a',
    ],
    ['--sandbox=read-only', '--ask-for-approval=never', '--model=x', '--yolo', 'app-server'],
  ],
  [
    [
      'app-server',
      '--listen',
      'stdio://',
      '--stdio',
      '--stdio',
      '--strict-config',
      '-c',
      'x=1',
      '--upstream',
      '/a',
    ],
    ['app-server', '--strict-config', '--config=x=1'],
  ],
  [['app-server', '-s', 'read-only', '--unknown', 'word', '--upstream', '/a'], ['app-server']],
] as const)('%j', (args, passed) => {
  expect(argumentsFor(...args)).toEqual(['/a', passed]);
});

test('an option without its value starts no server', () => {
  const refused = { kind: 'refused', exitCode: 2, message: '--upstream needs a value' };
  expect(argumentsFor('app-server', '--upstream')).toEqual(refused);
});
