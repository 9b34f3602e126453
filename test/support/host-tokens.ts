import { type AccountFixture, type AccountFixtureOptions, withAccount } from './account-fixture.js';
import { idTokenWith } from './auth-file.js';

/** The tokens of a client, of one account and user. */
export const oldToken = idTokenWith({ chatgpt_plan_type: 'plus' });
export const renewedToken = idTokenWith({ chatgpt_plan_type: 'team' });

export const hostLogin = {
  type: 'chatgptAuthTokens',
  accessToken: oldToken,
  chatgptAccountId: 'account-dev',
};

/** Runs `act` with a client that owns the tokens; its first four lines have been read. */
export function withHostTokens(
  options: AccountFixtureOptions,
  act: (fixture: AccountFixture) => Promise<void>,
): Promise<void> {
  return withAccount(
    { auth: 'none', capabilities: { experimentalApi: true }, ...options },
    async (fixture) => {
      await fixture.call('account/login/start', hostLogin);
      await fixture.server.untilLines(4);
      await act(fixture);
    },
  );
}

/** Returns the current token. */
export async function tokenOf({ call }: AccountFixture): Promise<unknown> {
  const { result } = await call('getAuthStatus', { includeToken: true, refreshToken: true });
  return (result as { authToken: unknown }).authToken;
}
