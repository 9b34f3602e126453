import type { Login, Session } from '../auth/create-auth.js';
import type { BackendClient } from '../backend/account/account-client.js';
import { workspaceFromWire, type Workspace } from '../domain/workspace-routing.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { neverAborted } from '../util/never-aborted.js';
import { untilAborted, withinMs } from '../util/waiting.js';

/** A cached lookup of the account's workspace: its backend origin and its name. */
export interface WorkspaceLookup {
  /**
   * Returns the workspace of the account that is signed in. Undefined if the backend does not answer within 1.5 s: the
   * lookup continues, and a later call gets its result. A result is kept for as long as the tokens stay the same.
   *
   * @throws only the signal's reason
   */
  find(signal: AbortSignal): Promise<Workspace | undefined>;
}

interface Lookup {
  readonly key: string;
  readonly workspace: Promise<Workspace | undefined>;
  /** Whether a call did not wait for the result. */
  isMissed?: true;
}

/** `account/read` must not depend on the network (D1). */
const maxWaitMs = 1_500;

export function createWorkspaceLookup(services: {
  session: Session;
  backend: BackendClient;
  clock: Clock;
  log: Log;
  /** Called at most once: a lookup that a call did not wait for has found the workspace of the login in use. */
  onLateResult: (login: Login) => void;
}): WorkspaceLookup {
  const { session, backend, clock, log } = services;
  let known: Lookup | undefined;
  let isReported = false;

  async function lookUp(): Promise<Workspace | undefined> {
    try {
      const authorization = await session.authorization('to look up the workspace', neverAborted);
      const { accountsCheck, baseUrl } = await backend.readAccountsCheck(authorization, neverAborted);
      return workspaceFromWire(accountsCheck, authorization.identity.accountId ?? '', baseUrl);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.info(`the workspace is not known: ${error.kind}`);
      return undefined;
    }
  }

  /** Keeps the result of a lookup for the present tokens. Drops a failure, and a result for another account. */
  async function keepResult(lookup: Lookup): Promise<void> {
    const workspace = await lookup.workspace.catch(() => undefined);
    const now = await subjectOf(session).catch(() => undefined);
    if (known !== lookup) return;
    const isCurrent = now !== undefined && workspace?.routing.chatgptAccountId === now.accountId;
    known = isCurrent ? { ...lookup, key: now.key } : undefined;
    if (!isCurrent || !lookup.isMissed || isReported) return;
    isReported = true;
    services.onLateResult(now.login);
  }

  return {
    async find(signal) {
      const subject = await subjectOf(session);
      if (subject === undefined) return undefined;
      if (known?.key !== subject.key) {
        known = { key: subject.key, workspace: lookUp() };
        void keepResult(known);
      }
      const lookup = known;
      const found = await untilAborted(withinMs(clock, maxWaitMs, lookup.workspace), signal);
      if (found === undefined) lookup.isMissed = true;
      return found;
    },
  };
}

/** Returns the account to look up and its cache key. Undefined if there is none. */
async function subjectOf(
  session: Session,
): Promise<{ login: Login; accountId: string; key: string } | undefined> {
  const login = await session.login();
  if (login.kind !== 'chatgpt' || !login.tokens?.accountId || session.isRefused(login)) return undefined;
  const { accountId, accessToken } = login.tokens;
  return { login, accountId, key: JSON.stringify([accountId, accessToken]) };
}
