import type {
  GetAccountRateLimitsParams,
  GetAccountRateLimitsResponse,
} from '../../protocol/schema/rate-limits.js';
import { ownCall, type OwnServicesOptions, withOwnServices } from '../own-services.js';

/** Reads the limits. @throws AppError, or the signal's reason if it is aborted */
export type ReadLimits = (
  params: GetAccountRateLimitsParams,
  signal: AbortSignal,
) => Promise<GetAccountRateLimitsResponse>;

/** Runs `act` with a function that reads the limits in this process. @throws CodexHomeError */
export function withLimitsReader<T>(
  options: OwnServicesOptions,
  act: (readLimits: ReadLimits) => Promise<T>,
): Promise<T> {
  return withOwnServices(options, ({ handlers }) =>
    act(async (params, signal) => handlers['account/rateLimits/read'](params, ownCall(signal))),
  );
}
