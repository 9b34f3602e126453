import { expect, test } from 'vitest';
import { outcome, withCommands } from '../../support/processes/commands.js';

const reminder =
  /\n\nA redemption is not finished\. To finish it without a second credit:\scodex-account-server redeem\n$/;

test('usage reminds of a redemption whose outcome is unknown, also with a stored read, until it is finished', () =>
  withCommands('chatgpt', async ({ backend, command }) => {
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

    backend.script('consume', undefined);
    await outcome(command('redeem --yes --credit credit-1'));
    expect([await shown('usage'), await shown('usage --cached')]).toEqual([false, false]);
  }));
