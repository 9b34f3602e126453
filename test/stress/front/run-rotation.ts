import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { endAccessTokens } from '../../../src/dev-backend/issuer/token-ledger.js';
import { startDevBackend } from '../../../src/dev-backend/server.js';
import { initialize, standInPath } from '../../front/front-fixture.js';
import { type BuiltServer, startBuiltServer, stopServer } from '../../support/processes/built-server.js';

export interface RotationFigures {
  readonly rounds: number;
  readonly refreshes: number;
  /** The refresh tokens that the issuer got twice. */
  readonly reused: number;
  /** Faults: a token that came twice, a request that was refused, a round without a refresh. */
  readonly violations: string[];
}

/**
 * Refuses all access tokens in each round. Then two requests at a time need new ones: a read of the limits, and a request
 * to refresh. The stand-in refreshes by itself at the same time, too.
 */
export async function runRotation(rounds: number, upstream: string): Promise<RotationFigures> {
  const backend = await startDevBackend({ checksTokens: true });
  const home = createDevHome({ backendUrl: backend.url });
  const server = startBuiltServer({
    args: ['app-server', '--upstream', upstream],
    environment: {
      CODEX_HOME: home.path,
      HOME: home.path,
      STAND_IN: JSON.stringify({ refreshes: true }),
      ...devEnvironment(backend.url),
    },
  });
  const { tokens } = backend;
  const refreshes = (): number => tokens.refreshTokens.size - 1;
  const violations: string[] = [];
  try {
    await initialize(server, {});
    server.send({ id: 'start', method: 'configRequirements/read' });
    await server.answer('start');
    for (let round = 1; round <= rounds; round += 1) {
      const before = refreshes();
      endAccessTokens(tokens);
      const problems = await runRound(server, round, upstream === standInPath);
      if (refreshes() === before) problems.push('no refresh');
      violations.push(...problems.map((problem) => `round ${round}: ${problem}`));
    }
  } finally {
    await stopServer(server);
    await backend.close();
    home.remove();
  }
  const reused = tokens.reuses.length;
  if (reused > 0) violations.push(`${reused} refresh tokens came twice`);
  return { rounds, refreshes: refreshes(), reused, violations };
}

/** Resolves with the errors of the requests. */
async function runRound(server: BuiltServer, round: number, isStandIn: boolean): Promise<string[]> {
  const requests = [
    { method: 'account/rateLimits/read' },
    { method: 'account/read', params: { refreshToken: true } },
    ...(isStandIn ? [{ method: 'test/refresh' }] : []),
  ].map((request, index) => ({ id: `${round}-${index}`, ...request }));
  for (const request of requests) server.send(request);
  const answers = await Promise.all(requests.map(({ id }) => server.answer(id)));
  return answers.flatMap(({ error }) => (error ? [error.message] : []));
}
