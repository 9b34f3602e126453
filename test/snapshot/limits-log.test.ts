import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fiveHours, openWindow, usedPercent } from '../../src/dev-backend/account/windows.js';
import type { Snapshot } from '../../src/snapshot/file-text.js';
import type { SnapshotKey } from '../../src/snapshot/key.js';
import type { LogEntry } from '../../src/snapshot/log-entry.js';
import { appendToLog, readLimitsLog } from '../../src/snapshot/limits-log.js';
import { recordChanges } from '../../src/snapshot/record-changes.js';
import { createSettableClock, type SnapshotFixture, startMs, withSnapshots } from './fixture.js';
import { shownMode } from '../support/files/shown-mode.js';
import { casesOf, isUnixCase } from '../support/unix-test.js';

const minuteMs = 60_000;
const pathIn = ({ folder }: Pick<SnapshotFixture, 'folder'>): string => join(folder, 'limits-log.jsonl');

/** Runs `act` with a log that has a read in it, and with a function that reads again when the limits have changed. */
async function withLog(
  act: (fixture: SnapshotFixture & { path: string; change(): Promise<void> }) => Promise<void> | void,
): Promise<void> {
  const clock = createSettableClock();
  await withSnapshots({ clock }, async (fixture) => {
    const { read } = await fixture.start();
    await read({ maxAgeSecs: 0 });
    await act({
      ...fixture,
      path: pathIn(fixture),
      async change() {
        clock.advance(minuteMs);
        expect(await read({ maxAgeSecs: 0 })).toHaveProperty('readAt');
      },
    });
  });
}

const entry = (at: number, before: number, after: number): LogEntry => ({
  at,
  accountId: 'account-1',
  userId: 'user-1',
  source: 'test',
  kind: 'window',
  limitId: 'codex',
  windowDurationMins: 300,
  before: { usedPercent: before, resetsAt: 100 },
  after: { usedPercent: after, resetsAt: 100 },
  move: 'used',
  movedWithoutUs: null,
});

test('each change is a line, written by the process that has stored the read', () =>
  withLog(async ({ start, change, path, folder }) => {
    const other = await start();
    await change();
    await other.read({ maxAgeSecs: 0 });
    await other.read({ maxAgeSecs: 60 });
    const { entries, skipped } = readLimitsLog(folder);
    const of5Hours = entries.filter((each) => each.kind === 'window' && each.limitId === 'codex');
    const grown = openWindow({ kind: fiveHours, usedPercent: 0, resetsAfterSeconds: 18_000 }, startMs);
    expect([skipped, of5Hours.at(-1)]).toEqual([
      0,
      {
        at: (startMs + minuteMs) / 1000,
        accountId: 'account-dev',
        userId: 'user-dev',
        source: 'test',
        kind: 'window',
        limitId: 'codex',
        windowDurationMins: 300,
        before: { usedPercent: 0, resetsAt: startMs / 1000 + 18_000 },
        after: { usedPercent: usedPercent(grown, startMs + minuteMs), resetsAt: startMs / 1000 + 18_000 },
        move: 'used',
        movedWithoutUs: null,
      },
    ]);
    expect(statSync(path).mode & 0o777).toBe(shownMode(0o600));
    expect(readFileSync(path, 'utf8')).not.toContain('@');
  }));

test('a read without a change leaves the log unchanged, and a plain read writes nothing', () =>
  withLog(async ({ start, path }) => {
    const { read } = await start();
    const before = [readFileSync(path, 'utf8'), statSync(path, { bigint: true }).mtimeNs];
    for (let count = 0; count < 50; count += 1) await read({ maxAgeSecs: 0 });
    await read();
    expect([readFileSync(path, 'utf8'), statSync(path, { bigint: true }).mtimeNs]).toEqual(before);
  }));

test('a redemption of one server is seen by the next read, although the stored one has lost its epoch', async () => {
  const clock = createSettableClock();
  await withSnapshots({ clock, scenario: 'at-limit' }, async ({ start, folder }) => {
    const { read, consume } = await start();
    await read({ maxAgeSecs: 0 });
    await consume();
    clock.advance(1_000);
    await read({ maxAgeSecs: 0 });
    const { entries } = readLimitsLog(folder);
    const moves = entries.map((each) => (each.kind === 'window' ? each.move : each.after));
    expect(moves.slice(-3)).toEqual(['early', 'early', { availableCount: 1 }]);
    // This backend keeps the credit in its list.
    expect(entries.at(-1)).toMatchObject({ added: [{ id: 'credit-2', status: 'redeemed' }], removed: [] });
  });
});

test('a change that two processes have seen is written once', () =>
  withLog(({ folder, path }) => {
    appendToLog(folder, [entry(1, 10, 20)]);
    const before = readFileSync(path, 'utf8');
    appendToLog(folder, [entry(2, 10, 20)]);
    expect(readFileSync(path, 'utf8')).toBe(before);
    appendToLog(folder, [entry(3, 20, 21)]);
    appendToLog(folder, [entry(4, 21, 20)]);
    expect(
      readLimitsLog(folder).entries.filter(({ source, accountId }) => source + accountId === 'testaccount-1'),
    ).toHaveLength(3);
  }));

test('the log has at most 1 MiB, and is renamed once', () =>
  withLog(({ folder, path }) => {
    const sizes: number[] = [];
    for (let count = 1; count <= 1_000; count += 1) {
      const long = { ...entry(count, count - 1, count), source: 'x'.repeat(3_000) };
      expect(appendToLog(folder, [long])).toBeUndefined();
      sizes.push(statSync(path).size);
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
    const older = join(folder, 'limits-log.1.jsonl');
    expect(statSync(older).size).toBeGreaterThan(1024 * 1024 - 4_000);
    expect(statSync(older).mode & 0o777).toBe(shownMode(0o600));
    const own = readLimitsLog(folder).entries.filter(({ accountId }) => accountId === 'account-1');
    expect(own.at(-1)?.at).toBe(1_000);
    expect(own.length).toBe(1_001 - (own[0]?.at ?? 0));
    expect(existsSync(join(folder, 'limits-log.2.jsonl'))).toBe(false);
  }));

test('100,000 reads without a change, and an unused window whose boundary moves, leave the log unchanged', () =>
  withLog(({ folder, path, storedRead }) => {
    const stored = storedRead() as unknown as Snapshot & SnapshotKey;
    const before = readFileSync(path, 'utf8');
    for (let count = 0; count < 100_000; count += 1) {
      const now = { ...stored, answer: drifted(stored.answer, count), readAtMs: stored.readAtMs + count };
      recordChanges(
        { key: stored, before: stored, now },
        { folder, source: 'test', redemptions: undefined, isSecret: () => false, log: silentLog },
      );
    }
    expect(readFileSync(path, 'utf8')).toBe(before);
  }));

/** Moves the boundary of the unused window of five hours forward by some seconds, as the clock does. */
function drifted(answer: Snapshot['answer'], secs: number): Snapshot['answer'] {
  const { primary } = answer.rateLimits;
  const resetsAt = (primary?.resetsAt ?? 0) + secs;
  return { ...answer, rateLimits: { ...answer.rateLimits, primary: primary && { ...primary, resetsAt } } };
}

const ignore = (): void => undefined;
const silentLog = { alert: ignore, error: ignore, warn: ignore, info: ignore, debug: ignore };

function giveAway(path: string): void {
  writeFileSync(path, '', { mode: 0o600 });
  chownSync(path, 1, 1);
}

/** Files that are not the log: nothing is written to them, and reads go on. */
const foreign: readonly (readonly [string, (path: string, target: string) => void])[] = [
  ['a link', (path, target) => symlinkSync(target, path)],
  ['another name of a file', (path, target) => linkSync(target, path)],
  ['a link to nothing', (path, target) => symlinkSync(`${target}.none`, path)],
  [
    'a file that others can write to',
    (path) => {
      writeFileSync(path, '');
      chmodSync(path, 0o622);
    },
  ],
  ['a folder', (path) => mkdirSync(path)],
  ['a FIFO', (path) => execFileSync('mkfifo', [path])],
  ...(process.getuid?.() === 0 ? [['a file of another user', giveAway] as const] : []),
];

const possible = casesOf(foreign, ([what]) => !isUnixCase(what));

test.each(possible)('%s in place of the log is left alone, and the read succeeds', (_what, make) =>
  withLog(async ({ path, change, folder }) => {
    renameSync(path, `${path}.moved`);
    const target = join(folder, 'target');
    writeFileSync(target, 'untouched', { mode: 0o600 });
    make(path, target);
    const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
    await change();
    expect(readFileSync(target, 'utf8')).toBe('untouched');
    expect(existsSync(`${target}.none`)).toBe(false);
    expect(statSync(path, { throwIfNoEntry: false })?.size ?? 0).toBe(size);
  }),
);

test('an incomplete last line is ended, and lines that cannot be read are counted', () =>
  withLog(async ({ path, change, folder }) => {
    const count = (): number => readLimitsLog(folder).entries.length;
    const counts = [count()];
    await change();
    counts.push(count());
    const newer = JSON.stringify({ format: 2, at: 1, kind: 'window' });
    writeFileSync(path, `${newer}\n{}\nnull\n${'x'.repeat(10)}\n{"format":1,"at":17`, { flag: 'a' });
    await change();
    const [first = 0, second = 0] = counts;
    expect([count(), readLimitsLog(folder).skipped]).toEqual([second + (second - first), 5]);
  }));

test('credits that the backend does not list have not gone', () =>
  withLog(async ({ change, folder, backend }) => {
    backend.script('credits', { body: { available_count: 1 } });
    await change();
    backend.script('credits', undefined);
    await change();
    expect(readLimitsLog(folder).entries.filter(({ kind }) => kind === 'resetCredits')).toHaveLength(1);
  }));

test('a file of 300 MB is renamed, and only its end is read', () =>
  withLog(async ({ path, change, folder }) => {
    truncateSync(path, 300_000_000);
    await change();
    expect(statSync(path).size).toBeLessThan(10_000);
    expect(statSync(join(folder, 'limits-log.1.jsonl')).size).toBe(300_000_000);
    expect(readLimitsLog(folder).entries.length).toBeGreaterThan(0);
    rmSync(join(folder, 'limits-log.1.jsonl'));
  }));

test('an entry with a very long text is left out', () =>
  withLog(({ folder, path }) => {
    const before = readFileSync(path, 'utf8');
    appendToLog(folder, [{ ...entry(1, 1, 2), source: 'x'.repeat(9_000) }]);
    expect(readFileSync(path, 'utf8')).toBe(before);
  }));
