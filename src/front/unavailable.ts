import { AppError } from '../util/errors.js';

/** Creates the error of every request that the upstream program cannot answer. */
export function unavailable(
  problem: string,
  details: { readonly stderr?: string; readonly retryAfterMs?: number } = {},
): AppError {
  const { stderr = '', retryAfterMs } = details;
  return new AppError('upstreamUnavailable', `the upstream codex ${problem}`, {
    details: { ...(stderr !== '' && { stderr }), ...(retryAfterMs !== undefined && { retryAfterMs }) },
  });
}
