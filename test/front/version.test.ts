import { existsSync, readFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BuiltServer } from '../support/processes/built-server.js';
import { clientInfo, standInPath, withFront } from './front-fixture.js';

/** Runs one server until its end. Returns the version in its user agent. */
async function versionOf(server: BuiltServer): Promise<string | undefined> {
  const { userAgent } = await server.call(0, 'initialize', { clientInfo });
  server.child.stdin.end();
  await server.exited;
  return /^test\/(\S+) /.exec(userAgent)?.[1];
}

async function withLog(
  act: (environment: { STAND_IN_LOG: string }, starts: () => number) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'front-version-'));
  const path = join(folder, 'log');
  try {
    await act({ STAND_IN_LOG: path }, () =>
      existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('from the second start on the user agent has the version of the real codex, which is asked once', () =>
  withLog((environment, starts) =>
    withFront({ environment }, async ({ server, start }) => {
      await versionOf(server);
      expect(await versionOf(start())).toBe('0.171.3');
      expect(await versionOf(start())).toBe('0.171.3');
      expect(starts()).toBe(1);
    }),
  ));

test('a program that prints no version is asked once, and ours is shown', () =>
  withLog((environment, starts) =>
    withFront({ environment, standIn: { version: null } }, async ({ server, start }) => {
      await versionOf(server);
      expect(await versionOf(start())).toBe('0.171.0');
      expect(starts()).toBe(1);
    }),
  ));

test('another file is asked again', () =>
  withLog((environment, starts) =>
    withFront({ environment }, async ({ server, start }) => {
      await versionOf(server);
      const other = ['app-server', '--upstream', process.execPath];
      expect(await versionOf(start(other))).toBe('0.171.0');
      expect(await versionOf(start(['app-server', '--upstream', standInPath]))).toBe('0.171.0');
      expect(await versionOf(start())).toBe('0.171.3');
      expect(starts()).toBe(2);
    }),
  ));
