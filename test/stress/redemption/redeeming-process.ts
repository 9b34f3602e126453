import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Redemption } from '../../../src/client/redemption/redemption.js';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { systemClock } from '../../../src/util/clock.js';
import { type ScriptProcess, startScript } from '../../support/script-process.js';

/** An account at its limit with two credits, and a CODEX_HOME. */
export interface Scene {
  readonly backend: DevBackend;
  /** Starts a client process that redeems once, for limits that were read at this time. */
  redeem(wishedAtMs: number): RedeemingProcess;
  /** Resolves with the next request to redeem. */
  untilAsked(): Promise<void>;
  /** The attempts in the journal. */
  journal(): Redemption[];
  /** The servers that clients have started, in order. */
  serverPids(): number[];
}

export interface RedeemingProcess extends Pick<ScriptProcess, 'kill'> {
  /** The result: the state of the redemption, or the kind of the error; undefined if the process was killed before. */
  readonly result: Promise<string | undefined>;
}

const main = resolve('dist/main.cjs');

const redeeming = `
  import { createClient } from '${pathToFileURL('dist/client.mjs').href}';
  const { command, args, environment, basedOn } = JSON.parse(process.argv[1]);
  const client = createClient({ clientInfo: { name: 'redeeming', version: '1.0.0' }, command, args, environment });
  const report = await client.redeem({ basedOn, verifyForMs: 0 }).then(
    ({ redemption }) => redemption.state,
    ({ kind, message }) => kind ?? message,
  );
  console.log(report);
  await client.close();
`;

/** A clock that fills the windows between two requests to redeem, so that a second key would use a second credit. */
const betweenConsumesMs = 120_000;

/** The delay of a response, during which the credit is already used. */
export const answerDelayMs = 20;

export async function withScene<T>(act: (scene: Scene) => Promise<T>): Promise<T> {
  let aheadMs = 0;
  const clock = { ...systemClock, nowMs: () => Date.now() + aheadMs };
  const backend = await startDevBackend({ scenario: 'at-limit', clock });
  const home = createDevHome({ backendUrl: backend.url });
  const pidsPath = join(home.path, 'pids');
  const journalPath = join(home.path, 'account-server', 'redemptions.json');
  const serverPids = (): number[] => textOf(pidsPath).split('\n').filter(Boolean).map(Number);
  let wake = (): void => undefined;
  backend.script('consume', () => {
    aheadMs += betweenConsumesMs;
    wake();
    return { delayMs: answerDelayMs };
  });
  const environment = {
    PATH: process.env.PATH,
    HOME: home.path,
    CODEX_HOME: home.path,
    ...devEnvironment(backend.url),
  };
  const processes: ScriptProcess[] = [];
  try {
    return await act({
      backend,
      journal: () =>
        (JSON.parse(textOf(journalPath) || '{"redemptions":[]}') as { redemptions: Redemption[] })
          .redemptions,
      serverPids,
      redeem(wishedAtMs) {
        const order = {
          command: 'sh',
          args: ['-c', `echo $$ >> ${pidsPath}; exec ${process.execPath} ${main} app-server`],
          environment,
          basedOn: { accountId: 'account-dev', readAtMs: wishedAtMs },
        };
        const script = startScript(redeeming, [JSON.stringify(order)]);
        processes.push(script);
        return { kill: () => script.kill(), result: script.nextLine().catch(() => undefined) };
      },
      untilAsked: () => new Promise((resolve) => (wake = resolve)),
    });
  } finally {
    await Promise.all(processes.map((script) => script.kill()));
    for (const pid of serverPids()) killIfThere(pid);
    await backend.close();
    home.remove();
  }
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

export function killIfThere(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/**
 * Lists the violations in the journal and the ledger: more than one key, more than one credit, an attempt without an
 * end.
 */
export function problemsOf({ backend, journal }: Scene): string[] {
  const requests = backend.requests.filter(({ url }) => url.endsWith('/consume'));
  const bodies = new Set(requests.map(({ body }) => body));
  const { creditIdByKey, redeemedIds } = backend.ledger;
  const [only, ...others] = journal();
  return [
    ...(bodies.size === 1 ? [] : [`${bodies.size} different requests to redeem`]),
    ...(redeemedIds.size === 1 ? [] : [`${redeemedIds.size} credits used`]),
    ...(others.length === 0 ? [] : [`${others.length + 1} attempts in the journal`]),
    ...(only && creditIdByKey.has(only.key) ? [] : ['the journal has another key than the ledger']),
    ...(only?.state === 'verified' ? [] : [`the journal ends with ${only?.state}`]),
  ];
}
