import type { MethodDefinition } from '../protocol/methods.js';
import { AppError } from '../util/errors.js';

/**
 * The gate of a server that is read-only: what it lets through changes nothing. A refresh that is due is no business
 * of a request; `createSession` gets a refresher for it that refreshes nothing.
 *
 * @param params as the schema of the method has read them
 * @throws AppError `readOnly`
 */
export function refuseChange({ effect }: MethodDefinition, params: object): void {
  if (effect === 'none') return;
  if (effect === 'refreshIfAsked' && !('refreshToken' in params && params.refreshToken === true)) return;
  throw new AppError(
    'readOnly',
    effect === 'change' ? 'the server is read-only' : 'the server is read-only: no token refresh',
    { details: effect === 'change' ? {} : { member: 'refreshToken' } },
  );
}
