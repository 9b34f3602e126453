import { type Bench, type BenchOptions, withBench } from './account-bench.js';
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
export function withHostTokens(options: BenchOptions, act: (bench: Bench) => Promise<void>): Promise<void> {
  return withBench({ auth: 'none', capabilities: { experimentalApi: true }, ...options }, async (bench) => {
    await bench.call('account/login/start', hostLogin);
    await bench.server.untilLines(4);
    await act(bench);
  });
}

/** Returns the current token. */
export async function tokenOf({ call }: Bench): Promise<unknown> {
  const { result } = await call('getAuthStatus', { includeToken: true, refreshToken: true });
  return (result as { authToken: unknown }).authToken;
}
