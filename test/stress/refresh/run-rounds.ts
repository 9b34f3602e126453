import { join } from 'node:path';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import {
  type Answer,
  type BuiltServer,
  startBuiltServer,
  stopServer,
} from '../../support/processes/built-server.js';
import { beforeReply } from './before-reply.js';
import { pickFault, type RoundFault } from './round-faults.js';
import { storedLogin } from './stored-login.js';

export interface RoundsResult {
  /** The violations: things that must never happen. */
  readonly violations: readonly string[];
  readonly rounds: number;
  /** The rounds by what went wrong in them. */
  readonly faults: Readonly<Record<string, number>>;
  readonly refreshes: number;
  readonly answers: number;
  /** Refresh tokens that the issuer sent but no server stored. */
  readonly lost: number;
  /** Refresh tokens that the issuer received twice. */
  readonly reused: number;
}

type RoundResult = Omit<RoundsResult, 'rounds' | 'faults'> & { readonly fault: string };

/** The servers of a round; with a fault, each of them may take seconds. */
const serversEach = 10;
const serversWithFault = 3;

/** Less than the five minutes before the expiry in which tokens are refreshed. */
const expiresInMs = 60_000;

/**
 * Starts several servers at a time on one CODEX_HOME whose access token is about to expire, and sends a request to all of
 * them at the same time. In every other round half of them also get a request to refresh. In two of three rounds a fault
 * delays or prevents the refresh or the save. After the fault each server gets one more request, and ends. Then a last
 * server must be able to refresh the stored tokens.
 */
export async function runRounds(rounds: number, random: () => number): Promise<RoundsResult> {
  const results: RoundResult[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const fault = round % 3 === 0 ? undefined : pickFault(random);
    results.push(await runRound(round, fault));
  }
  const sum = (of: (result: RoundResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const faults: Record<string, number> = {};
  for (const { fault } of results) faults[fault] = (faults[fault] ?? 0) + 1;
  return {
    violations: results.flatMap(({ violations }) => violations),
    rounds,
    faults,
    refreshes: sum(({ refreshes }) => refreshes),
    answers: sum(({ answers }) => answers),
    lost: sum(({ lost }) => lost),
    reused: sum(({ reused }) => reused),
  };
}

async function runRound(round: number, fault: RoundFault | undefined): Promise<RoundResult> {
  const backend = await startDevBackend({ checksTokens: true });
  const home = createDevHome({
    backendUrl: backend.url,
    accessTokenExpiresAtMs: Date.now() + expiresInMs,
    extraFields: { extra: round },
  });
  const authPath = join(home.path, 'auth.json');
  const environment = { CODEX_HOME: home.path, HOME: home.path, ...devEnvironment(backend.url) };
  const isForcing = round % 2 === 0 && !fault?.isSlow;
  const servers = Array.from({ length: fault ? serversWithFault : serversEach }, () =>
    startBuiltServer({ environment, launcher: fault?.launcher ?? [] }),
  );
  let endFault = (): Promise<void> => Promise.resolve();
  try {
    // All of them have started before the first one gets a request.
    await Promise.all(servers.map(initialize));
    const begin = async (): Promise<void> => {
      if (fault) endFault = await fault.begin(authPath, servers);
    };
    if (fault?.isLate) beforeReply(backend, begin);
    else await begin();
    const answers = await Promise.all(
      servers.flatMap((server, index) => {
        server.send({ id: 1, method: 'account/rateLimits/read' });
        const isForced = isForcing && index % 2 === 0;
        if (isForced) server.send({ id: 2, method: 'account/read', params: { refreshToken: true } });
        return isForced ? [server.answer(1), server.answer(2)] : [server.answer(1)];
      }),
    );
    await endFault();
    const { refreshes } = tally(backend, authPath);
    answers.push(...(await Promise.all(servers.map(lastAnswer))));
    const last = startBuiltServer({ environment });
    servers.push(last);
    await initialize(last);
    const found = tally(backend, authPath);
    await last.call(1, 'account/read', { refreshToken: true });
    const end = tally(backend, authPath);
    const refused = answers.filter(({ error }) => error !== undefined);
    const problems = [
      ...refused.map((answer: Answer) => `an answer is ${answer.error?.message}`),
      ...(found.lost > 0 ? [`${found.lost} refresh tokens were lost`] : []),
      ...(found.reused > 0 ? [`${found.reused} refresh tokens were reused`] : []),
      ...(!fault && !isForcing && refreshes !== 1 ? [`${refreshes} refreshes`] : []),
      ...(fault?.isBlocking && refreshes !== 0 ? [`${refreshes} refreshes that could not be saved`] : []),
      ...(end.refreshes !== found.refreshes + 1 || end.lost > 0 ? ['the last refresh failed'] : []),
      ...(storedLogin(authPath).extra === round ? [] : ['an unknown field is gone']),
    ];
    return {
      ...found,
      fault: fault?.name ?? 'none',
      answers: answers.length,
      violations: problems.map((problem) => `round ${round} (${fault?.name ?? 'no fault'}): ${problem}`),
    };
  } finally {
    await endFault();
    await Promise.all(servers.map(stopServer));
    await backend.close();
    home.remove();
  }
}

async function initialize(server: BuiltServer): Promise<void> {
  await server.call(0, 'initialize', { clientInfo: { name: 'round', version: '1' } });
}

/** Sends a last request, and lets the server end, which is when it saves what it could not save before. */
async function lastAnswer(server: BuiltServer): Promise<Answer> {
  server.send({ id: 3, method: 'account/rateLimits/read' });
  const answer = await server.answer(3);
  server.child.stdin.end();
  await server.exited;
  return answer;
}

/** Compares the tokens of the issuer with the stored ones. */
function tally({ tokens }: DevBackend, authPath: string): Pick<RoundResult, 'refreshes' | 'lost' | 'reused'> {
  const stored = storedLogin(authPath).tokens.refresh_token;
  const all = [...tokens.refreshTokens.values()];
  // A token that is stored, or was sent to the issuer, has been stored.
  const lost = all.filter(({ token, timesPresented }) => timesPresented === 0 && token !== stored).length;
  return { refreshes: all.length - 1, lost, reused: tokens.reuses.length };
}
