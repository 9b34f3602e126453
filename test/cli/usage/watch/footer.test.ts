import { expect, test } from 'vitest';
import { footerText } from '../../../../src/cli/usage/watch/footer.js';
import type { WatchPhase } from '../../../../src/cli/usage/watch/watch-pause.js';

const waiting = (leftMs: number, canReadNow = true): WatchPhase => ({ kind: 'waiting', leftMs, canReadNow });
const reading: WatchPhase = { kind: 'reading' };

test.each<[phase: WatchPhase, hasKeys: boolean, columns: number, text: string]>([
  [waiting(42_000), true, 80, 'next read in 42 s · r reads now · q quits'],
  [waiting(41_001), true, 40, 'next in 42 s · r reads now · q quits'],
  [waiting(5_000_000), true, 40, '1 h 23 min · r reads now · q quits'],
  [waiting(42_000), true, 20, 'next in 42 s'],
  [waiting(42_000), true, 10, '42 s'],
  [waiting(0), true, 80, 'next read in 0 s · r reads now · q quits'],
  [waiting(125_000, false), true, 80, 'next read in 2 min · q quits'],
  [waiting(42_000), false, 80, 'next read in 42 s'],
  [reading, true, 80, 'reading … · q quits'],
  [reading, true, 12, 'reading …'],
  [reading, false, 80, 'reading …'],
])('the last line for %j, with keys: %j, in %i columns is "%s"', (phase, hasKeys, columns, text) => {
  expect(footerText(phase, hasKeys, { columns, hasUnicode: true })).toBe(text);
});

test('without UTF-8 it is ASCII', () => {
  const style = { columns: 80, hasUnicode: false };
  expect([footerText(waiting(9_000), true, style), footerText(reading, true, style)]).toEqual([
    'next read in 9 s - r reads now - q quits',
    'reading ... - q quits',
  ]);
});
