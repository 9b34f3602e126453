import { expect, test } from 'vitest';
import { commandLogLevel, createLog, levelFromRustLog } from '../../src/util/log.js';

test.each([
  [undefined, 'error'],
  ['', 'error'],
  ['nonsense', 'error'],
  ['error', 'error'],
  ['warn', 'warn'],
  ['info', 'info'],
  ['debug', 'debug'],
  ['trace', 'trace'],
  ['off', 'off'],
  ['DEBUG', 'debug'],
  [' info ', 'info'],
  ['codex_account_server=debug', 'debug'],
  ['codex_app_server=debug', 'debug'],
  ['codex_app_server_transport=debug', 'debug'],
  ['hyper=debug', 'error'],
  ['warn,codex_account_server=debug', 'debug'],
  ['codex_account_server=debug,warn', 'debug'],
  ['debug,codex_account_server=off', 'off'],
  ['info,hyper=trace', 'info'],
  ['error,info', 'info'],
])('RUST_LOG %s asks for the level %s', (rustLog, level) => {
  expect(levelFromRustLog(rustLog)).toBe(level);
});

/** Logs one line at each level. Returns those that are written. */
function linesAt(level: ReturnType<typeof levelFromRustLog>): string[] {
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
  };
  const log = createLog({ level, nowMs: () => Date.UTC(2026, 0, 1), write });
  log.alert('zero');
  log.error('one');
  log.warn('two');
  log.info('three');
  log.debug('four');
  return lines;
}

test.each([
  ['off', 0],
  ['alert', 1],
  ['error', 2],
  ['warn', 3],
  ['info', 4],
  ['debug', 5],
  ['trace', 5],
] as const)('the level %s lets %i of five lines through', (level, count) => {
  expect(linesAt(level)).toHaveLength(count);
});

test('a line has time, level and program, without colours', () => {
  expect(linesAt('trace')).toEqual([
    '2026-01-01T00:00:00.000Z ERROR codex_account_server: zero\n',
    '2026-01-01T00:00:00.000Z ERROR codex_account_server: one\n',
    '2026-01-01T00:00:00.000Z  WARN codex_account_server: two\n',
    '2026-01-01T00:00:00.000Z  INFO codex_account_server: three\n',
    '2026-01-01T00:00:00.000Z DEBUG codex_account_server: four\n',
  ]);
});

test.each([
  [undefined, 'alert'],
  [' ', 'alert'],
  ['warn', 'warn'],
  ['off', 'off'],
])('with RUST_LOG %j a command logs at the level %s', (rustLog, level) => {
  expect(commandLogLevel(rustLog)).toBe(level);
});

test('a command shows an alert as a sentence', () => {
  expect(linesAt('alert')).toEqual(['codex-account-server: zero\n']);
});
