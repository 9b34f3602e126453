import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readLimitsLog } from '../../src/snapshot/limits-log.js';
import { unixTest } from '../support/unix-test.js';

unixTest('a log that is a link is not read, which is reported; a missing one is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limits-log-'));
  try {
    const empty = { entries: [], skipped: 0 };
    expect(readLimitsLog(folder)).toEqual({ ...empty, unusable: [] });
    writeFileSync(join(folder, 'elsewhere'), '{}\n');
    symlinkSync('elsewhere', join(folder, 'limits-log.jsonl'));
    expect(readLimitsLog(folder)).toEqual({ ...empty, unusable: ['limits-log.jsonl'] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
