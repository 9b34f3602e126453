import type { BackendIdentity } from '../backend/request/identity.js';
import { chatgptBaseUrl } from '../config/provider.js';
import type { Settings } from '../config/settings.js';

/** The account that a login is for, and the backend that it is used with. */
export interface KnownAccount {
  readonly accountId: string;
  readonly userId: string;
  readonly baseUrl: string;
}

/** Returns undefined if the login does not name its account and its user. */
export function accountOf(
  { accountId, userId }: BackendIdentity,
  settings: Settings,
): KnownAccount | undefined {
  const baseUrl = chatgptBaseUrl(settings);
  return accountId && userId ? { accountId, userId, baseUrl } : undefined;
}
