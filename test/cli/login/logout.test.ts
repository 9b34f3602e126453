import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { killServerOf, outcome, withCommands } from '../../support/commands.js';

test('logout revokes the login and deletes it', () =>
  withCommands('chatgpt', async ({ backend, command, authPath }) => {
    expect(await outcome(command('logout'))).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Successfully logged out\ncodex is signed out too, if it uses this CODEX_HOME.\n',
    });
    expect([existsSync(authPath), backend.requests.map(({ url }) => url)]).toEqual([
      false,
      ['/oauth/revoke'],
    ]);
    expect(await outcome(command('logout'))).toEqual({ code: 0, stdout: '', stderr: 'Not logged in\n' });
  }));

test('logout fails when its server ends, and is not sent to another one', () =>
  withCommands('chatgpt', async ({ backend, command, authPath }) => {
    const isAsked = new Promise<void>((resolve) => {
      backend.script('revoke', () => {
        resolve();
        return 'handled';
      });
    });
    const logout = command('logout');
    await isAsked;
    killServerOf(logout);
    expect(await outcome(logout)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error logging out: the server was ended by SIGKILL\n',
    });
    expect([existsSync(authPath), backend.requests.length]).toEqual([true, 1]);
  }));

test('logout reports an auth.json that cannot be used, and does not delete it', () =>
  withCommands('none', async ({ command, authPath }) => {
    writeFileSync(authPath, '{"tokens":');
    const { code, stderr } = (await outcome(command('logout'))) as { code: number; stderr: string };
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\nError logging out: logout failed: failed to deserialize CLI auth from file: .+\n$/,
    );
    expect(readFileSync(authPath, 'utf8')).toBe('{"tokens":');
  }));
