import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSettableClock, namesOf, withSnapshots } from './fixture.js';
import { casesOf, isUnixCase, unixTest } from '../support/unix-test.js';

const isRoot = process.getuid?.() === 0;

type Damage = (path: string, text: string) => void;

const change =
  (members: object): Damage =>
  (path, text) =>
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(text) as object), ...members }));

const damages: readonly (readonly [string, Damage])[] = [
  ['half a file', (path, text) => writeFileSync(path, text.slice(0, text.length / 2))],
  ['an empty file', (path) => writeFileSync(path, '')],
  ['a file of zeros', (path, text) => writeFileSync(path, Buffer.alloc(text.length))],
  ['a newer format', change({ format: 2 })],
  ['no format', change({ format: undefined })],
  ['another account', change({ accountId: 'account-2' })],
  ['another user', change({ userId: 'user-2' })],
  ['another backend', change({ baseUrl: 'http://127.0.0.1:9' })],
  ['another epoch', change({ epoch: 'x' })],
  ['a time in the future', change({ readAtMs: Date.now() + 60_000 })],
  ['a time as text', change({ readAtMs: '1' })],
  ['an answer of another shape', change({ answer: { rateLimits: {} } })],
  ['a file above 256 KiB', (path, text) => writeFileSync(path, text + ' '.repeat(256 * 1024))],
  ['a file that others can write to', (path) => chmodSync(path, 0o622)],
  [
    'a link to a file of this user',
    (path, text) => {
      writeFileSync(`${path}.real`, text, { mode: 0o600 });
      rmSync(path);
      symlinkSync(`${path}.real`, path);
    },
  ],
  [
    'a folder',
    (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  ],
  [
    'a FIFO',
    (path) => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    },
  ],
  ...(isRoot ? [['a file of another user', (path: string) => chownSync(path, 65_534, 0)] as const] : []),
];

test.each(casesOf(damages, ([what]) => !isUnixCase(what)))(
  '%s in place of the stored read is not used, and nothing fails',
  (_, damage) =>
    withSnapshots({}, async ({ start, usageRequests, snapshotPath }) => {
      const [one, other] = [await start(), await start()];
      await one.read({ maxAgeSecs: 60 });
      damage(snapshotPath(), readFileSync(snapshotPath(), 'utf8'));
      expect(await other.read({ maxAgeSecs: 60 })).toHaveProperty('readAt');
      expect(usageRequests()).toBe(2);
    }),
);

test('a damaged file is replaced by the next read', () =>
  withSnapshots({}, async ({ start, usageRequests, snapshotPath }) => {
    const [one, other] = [await start(), await start()];
    await one.read({ maxAgeSecs: 60 });
    writeFileSync(snapshotPath(), '{');
    await one.read({ maxAgeSecs: 60 });
    await other.read({ maxAgeSecs: 60 });
    expect(usageRequests()).toBe(2);
  }));

unixTest('a link is replaced, and its target stays as it is', () =>
  withSnapshots({}, async ({ start, snapshotPath, home }) => {
    const { read } = await start();
    await read({ maxAgeSecs: 60 });
    const [path, target] = [snapshotPath(), join(home, 'target')];
    writeFileSync(target, 'mine');
    rmSync(path);
    symlinkSync(target, path);
    await read({ maxAgeSecs: 60 });
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('format', 1);
  }),
);

test('a clock that was put back makes the stored read unusable', async () => {
  const clock = createSettableClock();
  await withSnapshots({ clock }, async ({ start, usageRequests }) => {
    const [one, other] = [await start(), await start()];
    await one.read({ maxAgeSecs: 60 });
    clock.advance(-1);
    await other.read({ maxAgeSecs: 60 });
    expect(usageRequests()).toBe(2);
  });
});

const folders: readonly (readonly [string, (folder: string) => void])[] = [
  ['is a file', (folder) => writeFileSync(folder, '')],
  ['is a link', (folder) => symlinkSync(mkdtempSync(join(tmpdir(), 'linked-')), folder)],
  ['can be written by others', (folder) => makeOpenFolder(folder)],
];

function makeOpenFolder(folder: string): void {
  mkdirSync(folder);
  chmodSync(folder, 0o777);
}

test.each(casesOf(folders, ([what]) => !isUnixCase(what)))(
  'if the folder %s, reads are live and nothing is written to it',
  (_, make) =>
    withSnapshots({}, async ({ start, usageRequests, folder }) => {
      make(folder);
      const { read } = await start();
      expect(await read({ maxAgeSecs: 60 })).toHaveProperty('readAt');
      await read({ maxAgeSecs: 60 });
      expect(usageRequests()).toBe(2);
      if (make !== folders[0]?.[1]) expect(namesOf(folder)).toEqual([]);
    }),
);

unixTest('with very many files in the folder a read is stored, and none of them is removed', () =>
  withSnapshots({}, async ({ start, usageRequests, folder }) => {
    mkdirSync(folder, { mode: 0o700 });
    for (let count = 0; count < 20_000; count += 1) symlinkSync('nowhere', join(folder, `limits-${count}`));
    const [one, other] = [await start(), await start()];
    await one.read({ maxAgeSecs: 60 });
    await other.read({ maxAgeSecs: 60 });
    expect(usageRequests()).toBe(1);
    expect(namesOf(folder).length).toBeGreaterThanOrEqual(20_002);
  }),
);

test('the files of the last eight logins stay, and other files are not touched', () =>
  withSnapshots({}, async ({ start, folder, snapshotPath }) => {
    const { read } = await start();
    await read({ maxAgeSecs: 60 });
    const text = readFileSync(snapshotPath(), 'utf8');
    renameSync(snapshotPath(), join(folder, 'limits-00000000000000ff.json'));
    for (let count = 0; count < 12; count += 1) {
      writeFileSync(join(folder, `limits-00000000000000${count + 10}.json`), text, { mode: 0o600 });
    }
    const others = ['redemptions.json', 'limits-0000000000000001.txt', 'limits-1.json'];
    for (const name of others) writeFileSync(join(folder, name), '');
    await read({ maxAgeSecs: 60 });
    const names = namesOf(folder);
    expect(names.filter((name) => /^limits-[0-9a-f]{16}\.json$/.test(name))).toHaveLength(8);
    expect(names).toEqual(expect.arrayContaining(others));
  }));
