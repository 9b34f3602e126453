import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { idTokenWith } from '../../support/auth-file.js';
import { outcome, storedLogin, withCommands } from '../../support/processes/commands.js';

const reminder =
  /\n\nA redemption is not finished\. To finish it without a second credit:\scodex-account-server redeem\n$/;

/** Replaces the user of the stored login. */
function signInAs(userId: string, authPath: string): void {
  const login = storedLogin(authPath) as { tokens: object };
  const tokens = {
    ...login.tokens,
    id_token: idTokenWith({ chatgpt_user_id: userId, chatgpt_account_id: 'account-dev' }),
  };
  writeFileSync(authPath, JSON.stringify({ ...login, tokens }));
}

test('usage reminds of a redemption whose outcome is unknown, also with a stored read, until it is finished', () =>
  withCommands('chatgpt', async ({ backend, command, authPath }) => {
    const shown = async (line: string) => {
      const { stdout } = (await outcome(command(line))) as { stdout: string };
      return reminder.test(stdout);
    };
    await fetch(`${backend.url}/dev/scenario`, {
      method: 'POST',
      body: new URLSearchParams({ scenario: 'at-limit' }),
    });
    backend.script('consume', { status: 500, body: {} });
    await outcome(command('redeem --yes --credit credit-1'));
    expect([await shown('usage'), await shown('usage --cached')]).toEqual([true, true]);
    expect(await outcome(command('usage --cached --format {plan}'))).toMatchObject({ stdout: 'pro\n' });
    const own = readFileSync(authPath);
    signInAs('another', authPath);
    expect(await shown('usage')).toBe(false);

    writeFileSync(authPath, own);
    backend.script('consume', undefined);
    await outcome(command('redeem --yes --credit credit-1'));
    expect([await shown('usage'), await shown('usage --cached')]).toEqual([false, false]);
  }));
