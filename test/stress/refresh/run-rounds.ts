import { join } from 'node:path';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { type Answer, startBuiltServer, stopServer } from '../../support/built-server.js';
import { storedLogin } from './stored-login.js';

export interface RoundsResult {
  /** The violations: things that must never happen. */
  readonly violations: readonly string[];
  readonly rounds: number;
  readonly refreshes: number;
  readonly answers: number;
  /** Refresh tokens that the issuer sent but no server stored. */
  readonly lost: number;
  /** Refresh tokens that the issuer received twice. */
  readonly reused: number;
}

const serversEach = 10;

/** Less than the five minutes before the expiry in which tokens are refreshed. */
const expiresInMs = 60_000;

/**
 * Starts ten servers at a time on one CODEX_HOME whose access token is about to expire, and sends a request to all of
 * them at the same time. In every other round half of them also get a request to refresh.
 */
export async function runRounds(rounds: number): Promise<RoundsResult> {
  const results: RoundsResult[] = [];
  for (let round = 1; round <= rounds; round += 1) results.push(await runRound(round));
  const sum = (of: (result: RoundsResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    violations: results.flatMap(({ violations }) => violations),
    rounds,
    refreshes: sum(({ refreshes }) => refreshes),
    answers: sum(({ answers }) => answers),
    lost: sum(({ lost }) => lost),
    reused: sum(({ reused }) => reused),
  };
}

async function runRound(round: number): Promise<RoundsResult> {
  const backend = await startDevBackend({ checksTokens: true });
  const home = createDevHome({
    backendUrl: backend.url,
    accessTokenExpiresAtMs: Date.now() + expiresInMs,
    extraFields: { extra: round },
  });
  const authPath = join(home.path, 'auth.json');
  const isForcing = round % 2 === 0;
  const servers = Array.from({ length: serversEach }, () =>
    startBuiltServer({
      environment: { CODEX_HOME: home.path, HOME: home.path, ...devEnvironment(backend.url) },
    }),
  );
  try {
    // All of them have started before the first one gets a request.
    await Promise.all(
      servers.map((server) => server.call(0, 'initialize', { clientInfo: { name: 'round', version: '1' } })),
    );
    const answers = await Promise.all(
      servers.flatMap((server, index) => {
        server.send({ id: 1, method: 'account/rateLimits/read' });
        const isForced = isForcing && index % 2 === 0;
        if (isForced) server.send({ id: 2, method: 'account/read', params: { refreshToken: true } });
        return isForced ? [server.answer(1), server.answer(2)] : [server.answer(1)];
      }),
    );
    const found = tally(backend, authPath);
    const refused = answers.filter(({ error }) => error !== undefined);
    const problems = [
      ...refused.map((answer: Answer) => `an answer is ${answer.error?.message}`),
      ...(found.lost > 0 ? [`${found.lost} refresh tokens were lost`] : []),
      ...(found.reused > 0 ? [`${found.reused} refresh tokens were reused`] : []),
      ...(!isForcing && found.refreshes !== 1 ? [`${found.refreshes} refreshes`] : []),
      ...(storedLogin(authPath).extra === round ? [] : ['an unknown field is gone']),
    ];
    return {
      ...found,
      rounds: 1,
      answers: answers.length,
      violations: problems.map((problem) => `round ${round}: ${problem}`),
    };
  } finally {
    await Promise.all(servers.map(stopServer));
    await backend.close();
    home.remove();
  }
}

/** Compares the tokens of the issuer with the stored ones. */
function tally(
  { tokens }: DevBackend,
  authPath: string,
): Pick<RoundsResult, 'refreshes' | 'lost' | 'reused'> {
  const stored = storedLogin(authPath).tokens.refresh_token;
  const all = [...tokens.refreshTokens.values()];
  // A token that is stored, or was sent to the issuer, has been stored.
  const lost = all.filter(({ token, timesPresented }) => timesPresented === 0 && token !== stored).length;
  return { refreshes: all.length - 1, lost, reused: tokens.reuses.length };
}
