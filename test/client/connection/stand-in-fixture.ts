import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AccountClient } from '../../../src/client/account-client.js';
import { createClient } from '../../../src/client/client.js';
import type { ClientOptions } from '../../../src/client/client-options.js';
import { pauseSkippingClock } from '../../support/clocks/pause-skipping-clock.js';

const standInPath = fileURLToPath(new URL('stand-in.mjs', import.meta.url));

export const clientInfo = { name: 'test', version: '1.0.0' };

/** A clock that skips the pauses between retries. They are shortest with `random: () => 0`. */
const noPauses = pauseSkippingClock(() => undefined, 1_000);

/** Runs `act` with a client whose server is the stand-in with this habit, then ends both. */
export async function withStandIn(
  habit: string,
  act: (client: AccountClient, countStarts: () => number) => Promise<void>,
  options: Partial<ClientOptions> = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-stand-in-'));
  const starts = join(folder, 'starts');
  const client = createClient({
    clientInfo,
    command: process.execPath,
    args: [standInPath, habit, starts],
    clock: noPauses,
    random: () => 0,
    ...options,
  });
  try {
    await act(client, () => statSync(starts).size);
  } finally {
    await client.close({ graceMs: 5_000, termMs: 100 });
    rmSync(folder, { recursive: true });
  }
}

/** Listens for a notification that only the stand-in sends. */
export function listen(client: AccountClient, method: string, handle: (params: unknown) => void): void {
  client.onNotification(method as 'account/updated', handle);
}
