import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outcome, withCommands } from '../support/commands.js';

test('logout revokes the login and takes it away', () =>
  withCommands('chatgpt', async ({ backend, command, authPath }) => {
    expect(await outcome(command('logout'))).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Successfully logged out\n',
    });
    expect([existsSync(authPath), backend.requests.map(({ url }) => url)]).toEqual([
      false,
      ['/oauth/revoke'],
    ]);
    expect(await outcome(command('logout'))).toEqual({ code: 0, stdout: '', stderr: 'Not logged in\n' });
  }));

test('logout with an auth.json that cannot be used says so, and leaves it', () =>
  withCommands('none', async ({ command, authPath }) => {
    writeFileSync(authPath, '{"tokens":');
    const { code, stderr } = (await outcome(command('logout'))) as { code: number; stderr: string };
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\nError logging out: logout failed: failed to deserialize CLI auth from file: .+\n$/,
    );
    expect(readFileSync(authPath, 'utf8')).toBe('{"tokens":');
  }));
