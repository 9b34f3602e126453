import type { WireAccountsCheck } from '../backend/account/wire-account.js';
import type { WorkspaceRouting } from '../protocol/schema/account.js';
import { AppError } from '../util/errors.js';

export interface Workspace {
  readonly routing: WorkspaceRouting;
  readonly name: string | null;
}

/**
 * Returns the workspace of one account.
 *
 * @throws AppError `badReply` with the reference's texts
 */
export function workspaceFromWire(reply: WireAccountsCheck, accountId: string, baseUrl: string): Workspace {
  const [account, ...others] = reply.accounts.filter(({ id }) => id === accountId);
  if (!account) throw unusable('selected workspace missing from routing discovery');
  if (others.length > 0) throw unusable('duplicate workspace in routing discovery');
  const backendOrigin = originFrom(account.workspace_backend_origin, baseUrl);
  const override = overrides.find((known) => known === account.account_routing_override);
  if (override === undefined) {
    throw unusable('workspace routing discovery has invalid account routing override');
  }
  const routing = { chatgptAccountId: accountId, backendOrigin, accountRoutingOverride: override };
  return { routing, name: account.name };
}

const overrides: readonly WorkspaceRouting['accountRoutingOverride'][] = ['NO_CONSTRAINT', 'us', 'us_cr'];

function originFrom(text: string | null, baseUrl: string): string {
  if (text === null) throw unusable('workspace routing discovery missing backend origin');
  const isBase = text === 'NO_CONSTRAINT';
  const urlText = isBase ? baseUrl : text;
  if (!URL.canParse(urlText)) throw unusable('invalid workspace backend URL');
  const url = new URL(urlText);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw unusable('workspace backend must use an HTTPS origin without credentials');
  }
  if (!isBase && (url.pathname !== '/' || url.search !== '' || url.hash !== '')) {
    throw unusable('workspace routing discovery must return an origin');
  }
  return url.origin;
}

function unusable(message: string): AppError {
  return new AppError('badReply', message);
}
