import type { ChatgptTokens, Login } from '../auth/create-auth.js';
import type { WireAccount } from '../backend/account/wire-account.js';
import type {
  AccountSessionListResponse,
  AccountSessionWorkspace,
} from '../protocol/schema/account-session.js';

/** A stored login with ChatGPT that names its user. Its user id is the id of the session. */
export interface StoredSession {
  readonly userId: string;
  readonly tokens: ChatgptTokens;
}

/** Returns the session of a login; undefined for logins that are not stored, or not with ChatGPT. */
export function sessionOf(login: Login): StoredSession | undefined {
  if (login.kind !== 'chatgpt' || login.source !== 'stored' || !login.tokens) return undefined;
  const { tokens } = login;
  return tokens.claims.userId === null ? undefined : { userId: tokens.claims.userId, tokens };
}

/**
 * Returns the list of sessions: one, or none.
 * @param accounts all accounts of the login; null if the backend was not asked
 */
export function sessionList(
  session: StoredSession | undefined,
  accounts: readonly WireAccount[] | null,
  nowMs: number,
): AccountSessionListResponse {
  if (!session) return { activeSessionId: null, sessions: [] };
  const { userId, tokens } = session;
  const { accountId, claims } = tokens;
  const selected = accountId === null ? [] : [{ accountId, name: null, imageUrl: null, kind: null }];
  return {
    activeSessionId: userId,
    sessions: [
      {
        sessionId: userId,
        email: claims.email,
        userId,
        displayName: null,
        imageUrl: null,
        lastUsedAt: Math.floor(nowMs / 1000),
        isActive: true,
        selectedWorkspaceAccountId: accountId,
        workspaces: accounts?.map(workspaceFromWire) ?? selected,
      },
    ],
  };
}

function workspaceFromWire(account: WireAccount): AccountSessionWorkspace {
  const { id: accountId, name, profile_picture_url: imageUrl, structure } = account;
  const kind = structure === 'personal' || structure === 'workspace' ? structure : null;
  return { accountId, name, imageUrl, kind };
}
