import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { beginFamily, type TokenLedger } from '../../../src/dev-backend/issuer/token-ledger.js';
import { type BuiltServer, startBuiltServer, stopServer } from '../../support/built-server.js';
import { storedLogin } from './stored-login.js';

export interface KillsResult {
  /** The violations: things that must never happen. */
  readonly violations: readonly string[];
  readonly kills: number;
  /** The moment of the kill: before the request to the issuer, between it and the save, or after the save. */
  readonly unsent: number;
  readonly unsaved: number;
  readonly saved: number;
  /** Temporary files that killed servers left, and those that remain after a refresh ten minutes later. */
  readonly leftOver: number;
  readonly leftInTheEnd: number;
}

const lifetimes = { accessTokenMs: 3_600_000, refreshTokenMs: Infinity };

/** Kills `kills` servers, one after the other, at a random moment after a request to refresh. */
export async function runKills(kills: number, random: () => number): Promise<KillsResult> {
  const backend = await startDevBackend();
  const home = createDevHome({
    backendUrl: backend.url,
    extraFields: { extra: 'kept' },
    extraTokenFields: { extra: 'kept' },
  });
  const authPath = join(home.path, 'auth.json');
  const environment = { CODEX_HOME: home.path, HOME: home.path, ...devEnvironment(backend.url) };
  const violations: string[] = [];
  const counts = { unsent: 0, unsaved: 0, saved: 0 };
  const temporaryFiles = (): string[] => readdirSync(home.path).filter((name) => name.endsWith('.tmp'));
  try {
    const usualMs = await usualDurationMs(environment);
    for (let kill = 1; kill <= kills; kill += 1) {
      const before = storedLogin(authPath).tokens.refresh_token;
      const server = await startRefresh(environment);
      // Half of the kills come at the worst moment: after the issuer got the request.
      if (kill % 2 === 0) await untilAsked(backend);
      await pause(random() * usualMs * (kill % 2 === 0 ? 0.5 : 1.3));
      await stopServer(server);
      const { moment, problems } = stateAfterKill(backend.tokens, authPath, before);
      const isAnswered = server.lines.some((line) => line.includes('"id":1'));
      if (isAnswered && moment !== 'saved') problems.push('it was answered, but not saved');
      violations.push(...problems.map((problem) => `kill ${kill}: ${problem}`));
      counts[moment] += 1;
      if (moment === 'unsaved') storeNewLogin(backend.tokens, authPath);
    }
    const leftOver = temporaryFiles();
    for (const name of leftOver) utimesSync(join(home.path, name), 0, 0);
    const last = await startRefresh(environment);
    await last.answer(1);
    await stopServer(last);
    if (backend.tokens.reuses.length > 0) violations.push('a refresh token was reused');
    return {
      violations,
      kills,
      ...counts,
      leftOver: leftOver.length,
      leftInTheEnd: temporaryFiles().length,
    };
  } finally {
    await backend.close();
    home.remove();
  }
}

/** A server that has just received a request to refresh. */
async function startRefresh(environment: Record<string, string>): Promise<BuiltServer> {
  const server = startBuiltServer({ environment });
  await server.call(0, 'initialize', { clientInfo: { name: 'kills', version: '1' } });
  server.send({ id: 1, method: 'getAuthStatus', params: { refreshToken: true } });
  return server;
}

/** Resolves when the issuer has the next request for a refresh. */
function untilAsked(backend: DevBackend): Promise<void> {
  return new Promise((resolve) => {
    backend.script('token', () => {
      backend.script('token', undefined);
      resolve();
      return undefined;
    });
  });
}

async function usualDurationMs(environment: Record<string, string>): Promise<number> {
  const durationsMs: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const server = await startRefresh(environment);
    const startMs = performance.now();
    await server.answer(1);
    durationsMs.push(performance.now() - startMs);
    await stopServer(server);
  }
  return durationsMs.sort((one, other) => one - other)[2] ?? 0;
}

function stateAfterKill(
  ledger: TokenLedger,
  authPath: string,
  before: string,
): { moment: 'unsent' | 'unsaved' | 'saved'; problems: string[] } {
  const problems: string[] = [];
  const { extra, tokens } = storedLogin(authPath);
  if (extra !== 'kept' || tokens.extra !== 'kept') problems.push('an unknown field is gone');
  const stored = tokens.refresh_token;
  const issued = [...ledger.refreshTokens.keys()];
  const newest = issued.at(-1);
  if (stored === newest) return { moment: stored === before ? 'unsent' : 'saved', problems };
  if (stored !== before || stored !== issued.at(-2)) problems.push('the file holds an older token');
  return { moment: 'unsaved', problems };
}

/** Signs in again, because the token of a refresh that was not saved is lost. */
function storeNewLogin(ledger: TokenLedger, authPath: string): void {
  const document = storedLogin(authPath);
  const tokens = { ...document.tokens, ...beginFamily(ledger, lifetimes, Date.now()) };
  writeFileSync(authPath, JSON.stringify({ ...document, tokens }));
}
