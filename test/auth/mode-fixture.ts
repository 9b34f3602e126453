import type { ServerResponse } from 'node:http';
import { type AccountFixture, type AccountFixtureOptions, withAccount } from '../support/account-fixture.js';
import { chatgptLogin } from '../support/auth-file.js';
import { pauseSkippingClock } from '../support/clocks/pause-skipping-clock.js';
import { type RecordedCall, withIssuer } from '../support/network/recording-issuer.js';

/** The reply of the issuer about a personal access token. */
export const owner = {
  email: null,
  chatgpt_user_id: 'user-pat',
  chatgpt_account_id: 'account-pat',
  chatgpt_plan_type: 'Pro',
  chatgpt_account_is_fedramp: true,
};

export interface ModeFixture extends AccountFixture {
  readonly calls: readonly RecordedCall[];
}

/** Runs `act` with a server whose issuer knows the owner of each personal access token. */
export function withMode(
  auth: unknown,
  act: (fixture: ModeFixture) => Promise<void>,
  options: AccountFixtureOptions = {},
  answer = (response: ServerResponse): unknown => response.end(JSON.stringify(owner)),
): Promise<void> {
  return withIssuer(
    ({ url, calls }) =>
      withAccount(
        {
          auth,
          clock: pauseSkippingClock(),
          authEnvironment: { authApiBaseUrl: url, refreshTokenUrl: url, revokeTokenUrl: url },
          ...options,
        },
        (fixture) => act({ ...fixture, calls }),
      ),
    (response) => void answer(response),
  );
}

export const pat = { personal_access_token: 'at-canary' };

/** Returns the auth.json of a mode, with these members. */
export const mode = (auth_mode: string | undefined, ...members: object[]): object =>
  Object.assign({ auth_mode }, ...members) as object;
export const { tokens } = chatgptLogin() as { tokens: object };
export const withTokens = { tokens, last_refresh: new Date().toISOString() };
