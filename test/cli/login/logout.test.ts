import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outcome, withCommands } from '../../support/processes/commands.js';
import { unixTest } from '../../support/unix-test.js';

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

const loggedOut = 'Successfully logged out\ncodex is signed out too, if it uses this CODEX_HOME.\n';

test.each([
  ['answers with 500', { status: 500, body: {} }, 'the issuer answered with status 500'],
  ['hangs up', 'drop' as const, 'error sending request for url (URL/oauth/revoke)'],
])('logout with an issuer that %s deletes the login and says that it was not revoked', (_what, reply, why) =>
  withCommands('chatgpt', async ({ backend, command, authPath }) => {
    backend.script('revoke', (_request, response) => {
      if (reply !== 'drop') return reply;
      response.destroy();
      return 'handled';
    });
    const { code, stderr } = (await outcome(command('logout'))) as { code: number; stderr: string };
    expect([code, existsSync(authPath), stderr.startsWith(loggedOut)]).toEqual([0, false, true]);
    expect(stderr.slice(loggedOut.length).replace(/\s+/g, ' ')).toBe(
      `The login could not be revoked (${why.replace('URL', backend.url)}): a copy of its tokens stays valid at the issuer until they expire. `,
    );
  }),
);

unixTest('Ctrl-C ends the wait for the issuer, and logout still deletes the login', () =>
  withCommands('chatgpt', async ({ backend, command, authPath }) => {
    const isAsked = new Promise<void>((resolve) => {
      backend.script('revoke', () => {
        resolve();
        return 'handled';
      });
    });
    const logout = command('logout');
    await isAsked;
    logout.child.kill('SIGINT');
    const { code, stderr } = (await outcome(logout)) as { code: number; stderr: string };
    expect([code, existsSync(authPath)]).toEqual([0, false]);
    expect(stderr).toContain('The login could not be revoked (interrupted): ');
  }),
);

test('logout deletes an auth.json that cannot be read, and says that nothing was revoked', () =>
  withCommands('none', async ({ backend, command, authPath }) => {
    writeFileSync(authPath, '{"tokens":');
    const { code, stderr } = (await outcome(command('logout'))) as { code: number; stderr: string };
    expect([code, existsSync(authPath), stderr.startsWith(loggedOut)]).toEqual([0, false, true]);
    expect(stderr).toContain('The login could not be revoked (not JSON): ');
    expect(backend.requests).toEqual([]);
  }));
