import {
  type AccountClient,
  type GetAccountRateLimitsResponse,
  isRequestError,
} from '../../client/library.js';

/**
 * Reads the limits now, and stores them for other processes, so that the log has them too. While a pause that a 429 has
 * asked for forbids that, it reads without storing.
 *
 * @throws as `request` of the client does
 */
export async function readAndStore(
  client: AccountClient,
  signal: AbortSignal,
): Promise<GetAccountRateLimitsResponse> {
  try {
    const { readAt: _, ...limits } = await client.readRateLimits({ maxAgeMs: 0, signal });
    return limits;
  } catch (error) {
    if (!isRequestError(error) || error.kind !== 'rateLimited') throw error;
    return client.request('account/rateLimits/read', {}, { signal });
  }
}

/** How long the log is waited for after a redemption. */
const logLimitMs = 3_000;

/** Reads the limits once more after a redemption, so that the log has what it did. Never fails. */
export async function logRedemption(client: AccountClient, signal: AbortSignal): Promise<void> {
  const given = { maxAgeMs: 0, timeoutMs: logLimitMs, maxRetries: 0, signal };
  await client.readRateLimits(given).catch(() => undefined);
}
