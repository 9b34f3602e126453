import type { AccountFixture } from './account-fixture.js';
import type { ManualClock } from './clocks/manual-clock.js';
import { type HeldRequest, holdEndpoint } from './network/held-endpoint.js';

/** How long `account/read` waits for the workspace. */
const waitMs = 1_500;

/**
 * Calls `account/read`, which gives up its wait for the workspace. Returns its answer, and the lookup that still runs.
 */
export async function readBeforeWorkspace(
  { backend, call }: AccountFixture,
  clock: ManualClock,
): Promise<{ readonly answer: unknown; readonly lookup: HeldRequest }> {
  const untilAsked = holdEndpoint(backend, 'accountsCheck');
  const answered = call('account/read');
  const lookup = await untilAsked();
  await clock.untilSet(waitMs);
  clock.fire(waitMs);
  return { answer: await answered, lookup };
}
