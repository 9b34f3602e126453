import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import {
  type AccountFixture,
  type AccountFixtureOptions,
  withAccount,
} from '../../support/account-fixture.js';
import { chatgptLogin, idTokenWith } from '../../support/auth-file.js';
import { type ForeignLock, holdForeignLock } from '../../support/files/foreign-lock.js';
import { type RecordedCall, withIssuer } from '../../support/network/recording-issuer.js';

/** The reply of the issuer. */
export const renewed = {
  access_token: 'canary-renewed-token',
  refresh_token: 'canary-renewed-refresh-token',
};
/** Tokens of another account. */
export const other = {
  id_token: idTokenWith({ chatgpt_user_id: 'user-two' }),
  access_token: 'canary-other-token',
  refresh_token: 'canary-other-refresh-token',
  account_id: 'account-two',
};

export interface RefreshFixture extends AccountFixture {
  readonly calls: readonly RecordedCall[];
  readonly issuerUrl: string;
}

/** Runs `act` with an issuer that renews the tokens at every request, or responds with `answer`. */
export function withRefreshes(
  options: AccountFixtureOptions,
  act: (fixture: RefreshFixture) => Promise<void>,
  answer = (response: ServerResponse): void => {
    response.end(JSON.stringify(renewed));
  },
): Promise<void> {
  return withIssuer(
    ({ url, calls }) =>
      withAccount(
        {
          auth: chatgptLogin(),
          authEnvironment: { refreshTokenUrl: url, revokeTokenUrl: `${url}/revoke` },
          ...options,
        },
        (fixture) => act({ ...fixture, calls, issuerUrl: url }),
      ),
    answer,
  );
}

/** Reads auth.json. */
export function stored({ authPath }: AccountFixture): { tokens: object } & Record<string, unknown> {
  return JSON.parse(readFileSync(authPath, 'utf8')) as { tokens: object } & Record<string, unknown>;
}

/** Returns the credentials of the requests for the usage so far. */
export function sentTokens({ backend }: AccountFixture): unknown[] {
  const reads = backend.requests.filter(({ url }) => url.endsWith('/usage'));
  return reads.map(({ headers }) => headers.authorization);
}

/** Returns the refresh tokens that the issuer received. */
export function refreshTokensIn(calls: readonly RecordedCall[]): unknown[] {
  return calls.map(([, , body]) => (body as { refresh_token: string }).refresh_token);
}

/** Takes the lock that our processes hold while they refresh. */
export function refreshLock({ authPath }: AccountFixture): Promise<ForeignLock> {
  return holdForeignLock(join(dirname(authPath), 'auth.refresh.lock'));
}

/** Requests new tokens without waiting for the response, which is the line after that of `initialize`. */
export function askForTokens({ server }: AccountFixture): void {
  server.write(`${JSON.stringify({ id: 9, method: 'account/read', params: { refreshToken: true } })}\n`);
}
