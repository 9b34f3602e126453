import { expect, test } from 'vitest';
import { shown, withCommands } from '../support/processes/commands.js';

/**
 * Sets the title, clears the screen, begins a sequence with a single character, and reverses the direction of
 * writing.
 */
const sequences = '\u001b]0;title\u0007\u001b[2J\u009b31m\u202e';
const grant = { authorization_code: 'code', code_challenge: 'challenge', code_verifier: 'verifier' };

/** Matches control and format characters except line feeds. */
const steering = /(?!\n)[\p{Cc}\p{Cf}]/u;

test('Text from the backend or an issuer cannot control the terminal.', () =>
  withCommands('chatgpt', async ({ backend, command }) => {
    const userCode = `CODE${sequences}`;
    backend.script('deviceUserCode', { body: { device_auth_id: 'id', user_code: userCode, interval: '1' } });
    backend.script('deviceToken', { body: grant });
    backend.script('token', { status: 400, body: { error_description: `no${sequences}` } });
    const login = command('login --device-auth');
    expect(await shown(login, /\n +CODE.*/)).toBe('\n    CODE ]0;title [2J 31m');
    await shown(login, /400 Bad Request: no ]0;title \[2J 31m\n/);
    backend.script('usage', { status: 500, headers: { 'x-request-id': '1\u009b31m' }, body: sequences });
    const usage = command('usage');
    await shown(usage, /\(request\s1\S? 31m\)/);
    expect(login.stderr() + usage.stderr()).not.toMatch(steering);
  }));
