import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountClient } from '../../../src/client/account-client.js';
import { createClient } from '../../../src/client/client.js';
import type { ClientOptions } from '../../../src/client/client-options.js';
import type { Redemption } from '../../../src/client/record/redemption.js';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { requireNoSecretsIn } from '../../support/canaries.js';
import { createLeapingClock, type LeapingClock } from '../../support/clocks/leaping-clock.js';
import { clientInfo } from '../connection/stand-in-fixture.js';

export interface RedeemFixture {
  readonly backend: DevBackend;
  readonly codexHome: string;
  /** The clock that the clients and the backend share. */
  readonly clock: LeapingClock;
  /** Creates a client of the built server, which is closed after `act`. */
  newClient(options?: Partial<ClientOptions>): AccountClient;
  readonly journalPath: string;
  readonly lockPath: string;
  /** Reads the attempts in the journal. */
  journal(): Redemption[];
  /** Reads the whole journal. */
  journalDocument(): { redemptions: Redemption[] };
  /** Replaces the journal by a text, or by these attempts. */
  writeJournal(content: string | readonly Redemption[]): void;
  /** Lists the bodies of the consume requests, in order. */
  consumed(): { redeem_request_id: string; credit_id?: string }[];
}

/** The pauses between retries, with `random: () => 0.5`, between the reads after a redemption, and before giving up. */
const pausesMs = [375, 750, 1_000, 2_000, 4_000, 8_000, 60_000];

/** Runs `act` with the embedded backend, then closes the backend and all clients. */
export async function withRedeemers(
  scenario: ScenarioName,
  act: (fixture: RedeemFixture) => Promise<void>,
): Promise<void> {
  const clock = createLeapingClock(pausesMs);
  const backend = await startDevBackend({ scenario, clock });
  const home = createDevHome({ backendUrl: backend.url });
  const clients: AccountClient[] = [];
  const folder = join(home.path, 'account-server');
  const journalPath = join(folder, 'redemptions.json');
  const journalDocument = (): { redemptions: Redemption[] } =>
    JSON.parse(readFileSync(journalPath, 'utf8')) as { redemptions: Redemption[] };
  const { PATH } = process.env;
  const env = { PATH, CODEX_HOME: home.path, HOME: home.path, ...devEnvironment(backend.url) };
  try {
    await act({
      backend,
      codexHome: home.path,
      clock,
      newClient(options) {
        const client = createClient({ clientInfo, env, clock, random: () => 0.5, ...options });
        clients.push(client);
        return client;
      },
      journalPath,
      lockPath: join(folder, 'redemptions.lock'),
      journal: () => journalDocument().redemptions,
      journalDocument,
      writeJournal(content) {
        mkdirSync(folder, { recursive: true });
        const text =
          typeof content === 'string'
            ? content
            : JSON.stringify({ version: 2, sequence: content.length, redemptions: content });
        writeFileSync(journalPath, text);
      },
      consumed: () =>
        backend.requests
          .filter(({ url }) => url.endsWith('/consume'))
          .map(({ body }) => JSON.parse(body) as { redeem_request_id: string }),
    });
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await backend.close();
    requireNoSecretsIn(home.path);
    home.remove();
  }
}

/** Returns an attempt of the account of the dev home, with its windows at their limit. */
export function attempt(clock: LeapingClock, differences: Partial<Redemption>): Redemption {
  const nowMs = clock.nowMs();
  return {
    key: 'key-1',
    account: { accountId: 'account-dev', userId: 'user-dev' },
    creditId: null,
    state: 'sending',
    sequence: 1,
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    redeemedAtMs: null,
    windows: [
      {
        slot: 'primary',
        windowDurationMins: 300,
        usedPercent: 100,
        resetsAt: nowMs / 1000 + 7_200,
        verdict: 'pending',
        after: null,
      },
      {
        slot: 'secondary',
        windowDurationMins: 10_080,
        usedPercent: 100,
        resetsAt: nowMs / 1000 + 259_200,
        verdict: 'pending',
        after: null,
      },
    ],
    availableCount: 2,
    ruleId: null,
    abandonReason: null,
    reversal: null,
    ...differences,
  };
}
