import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { readAccessClaims } from '../../../src/dev-backend/issuer/login-tokens.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { type BuiltServer, startBuiltServer, stopServer } from '../../support/processes/built-server.js';
import { canFail, createFailingFiles, type FailingFiles } from '../../support/files/failing-files.js';
import { type Attack, pickAttack } from './kill-attacks.js';
import { type Moment, stateAfterKill, storeNewLogin } from './state-after-kill.js';
import { storedLogin } from './stored-login.js';

export interface KillsResult {
  /** The violations: things that must never happen. */
  readonly violations: readonly string[];
  readonly kills: number;
  readonly attacks: Readonly<Record<string, number>>;
  /** The steps of saves that failed. */
  readonly failures: number;
  /** The state at the end of the process: before the request to the issuer, between it and the save, or saved. */
  readonly moments: Readonly<Record<Moment, number>>;
  /** Tokens that were only in memory at the kill, because an injected error had prevented their save. Part of `unsaved`. */
  readonly unsavable: number;
  /** Temporary files that killed servers left, and those that remain after a refresh ten minutes later. */
  readonly leftOver: number;
  readonly leftInTheEnd: number;
}

interface Scene {
  readonly backend: DevBackend;
  readonly authPath: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Undefined if no errors can be injected. */
  readonly files: FailingFiles | undefined;
  readonly random: () => number;
  /** How long a refresh usually takes. */
  readonly usualMs: number;
}

/** Attacks `kills` servers, one after the other, while they refresh. */
export async function runKills(kills: number, random: () => number): Promise<KillsResult> {
  const backend = await startDevBackend();
  const home = createDevHome({
    backendUrl: backend.url,
    extraFields: { extra: 'kept' },
    extraTokenFields: { extra: 'kept' },
  });
  const authPath = join(home.path, 'auth.json');
  const files = canFail ? createFailingFiles(home.path) : undefined;
  const environment = {
    ...{ CODEX_HOME: home.path, HOME: home.path },
    ...devEnvironment(backend.url),
    ...files?.environment,
  };
  const temporaryFiles = (): string[] => readdirSync(home.path).filter((name) => name.endsWith('.tmp'));
  const violations: string[] = [];
  const attacks: Record<string, number> = {};
  const moments = { unsent: 0, unsaved: 0, saved: 0 };
  let [failures, unsavable] = [0, 0];
  try {
    const usualMs = await usualDurationMs(environment);
    const scene: Scene = { backend, authPath, environment, files, random, usualMs };
    for (let kill = 1; kill <= kills; kill += 1) {
      const attack = pickAttack(random, canFail);
      const result = await runAttack(scene, attack);
      violations.push(
        ...result.problems.map((problem) => `kill ${kill}, ${JSON.stringify(attack)}: ${problem}`),
      );
      attacks[attack.kind] = (attacks[attack.kind] ?? 0) + 1;
      moments[result.moment] += 1;
      failures += result.failures;
      unsavable += Number(result.isUnsavable);
    }
    const leftOver = temporaryFiles();
    for (const name of leftOver) utimesSync(join(home.path, name), 0, 0);
    const last = await startRefresh(environment);
    await last.answer(1);
    await stopServer(last);
    if (backend.tokens.reuses.length > 0) violations.push('a refresh token was reused');
    return {
      ...{ violations, kills, attacks, failures, moments, unsavable },
      leftOver: leftOver.length,
      leftInTheEnd: temporaryFiles().length,
    };
  } finally {
    await backend.close();
    files?.remove();
    home.remove();
  }
}

interface AttackResult {
  readonly moment: Moment;
  readonly failures: number;
  readonly isUnsavable: boolean;
  readonly problems: readonly string[];
}

async function runAttack(scene: Scene, attack: Attack): Promise<AttackResult> {
  const { backend, authPath, files } = scene;
  const before = storedLogin(authPath).tokens.refresh_token;
  if (!attack.isLate) files?.plan(attack.plan);
  const asked = untilAsked(backend, () => {
    if (attack.isLate) files?.plan(attack.plan);
  });
  const server = await startRefresh(scene.environment);
  const attackProblems = await perform(scene, attack, server, asked);
  await stopServer(server);
  backend.script('token', undefined);
  files?.plan(undefined);
  const failures = attack.plan ? (files?.failures() ?? 0) : 0;
  const { moment, problems } = stateAfterKill(backend.tokens, authPath, before);
  const isAnswered = server.lines.some((line) => line.includes('"id":1'));
  const hasFailed = attack.kind === 'error' && failures > 0;
  // One failure is not enough: a save that fails is tried once more before the answer.
  const isUnsavable = hasFailed && failures > 1 && moment === 'unsaved';
  const isExpected = moment === 'saved' || isUnsavable || (failures > 0 && moment === 'unsent');
  if (isAnswered && !isExpected) problems.push(`it was answered, but is ${moment}`);
  if (moment === 'unsaved') storeNewLogin(backend.tokens, authPath);
  return { moment, failures, isUnsavable, problems: [...attackProblems, ...problems] };
}

/** Performs the attack on a server that has the request. Resolves with what went wrong. */
async function perform(
  { backend, files, random, usualMs }: Scene,
  attack: Attack,
  server: BuiltServer,
  asked: Promise<void>,
): Promise<string[]> {
  switch (attack.kind) {
    case 'moment':
      // The worst moment is after the issuer got the request.
      if (attack.isLate) await asked;
      await pause(random() * usualMs * (attack.isLate ? 0.5 : 1.3));
      return [];
    case 'step':
      await Promise.race([server.exited, server.answer(1).catch(() => undefined)]);
      return [];
    case 'error':
      await server.answer(1);
      return [];
    case 'recovery': {
      await server.answer(1);
      const { authToken } = await server.call(2, 'getAuthStatus', { includeToken: true });
      files?.plan(undefined);
      server.child.stdin.end();
      const { code } = await server.exited;
      const newest = [...backend.tokens.familyIdByAccessTokenId.keys()].at(-1);
      const isNewest = readAccessClaims(authToken ?? '')?.jti === newest;
      return [...(isNewest ? [] : ['the newest token is not in use']), ...(code === 0 ? [] : ['it failed'])];
    }
  }
}

/** A server that has just received a request to refresh. */
async function startRefresh(environment: Readonly<Record<string, string>>): Promise<BuiltServer> {
  const server = startBuiltServer({ environment });
  await server.call(0, 'initialize', { clientInfo: { name: 'kills', version: '1' } });
  server.send({ id: 1, method: 'getAuthStatus', params: { refreshToken: true } });
  return server;
}

/** Calls `act` when the issuer has the next request for a refresh, before it handles it. Resolves then. */
function untilAsked(backend: DevBackend, act: () => void): Promise<void> {
  return new Promise((resolve) => {
    backend.script('token', () => {
      backend.script('token', undefined);
      act();
      resolve();
      return undefined;
    });
  });
}

async function usualDurationMs(environment: Readonly<Record<string, string>>): Promise<number> {
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
