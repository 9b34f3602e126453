import type { Session } from '../auth/create-auth.js';
import type { BackendClient } from '../backend/account/account-client.js';
import { workspaceFromWire, type Workspace } from '../domain/workspace-routing.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { untilAborted, withinMs } from '../util/waiting.js';

/** The workspace of the account: where its requests go, and its name. */
export interface WorkspaceLookup {
  /**
   * Waits a moment for what the backend says of the account that is signed in; undefined when it takes longer, then
   * it goes on and is there for the next call. What it said is kept for those tokens. Throws only the signal's reason.
   */
  find(signal: AbortSignal): Promise<Workspace | undefined>;
}

interface Lookup {
  readonly key: string;
  readonly workspace: Promise<Workspace | undefined>;
}

/** D1: the account name must not depend on a network call. */
const patienceMs = 1_500;

export function createWorkspaceLookup(services: {
  session: Session;
  backend: BackendClient;
  clock: Clock;
  log: Log;
}): WorkspaceLookup {
  const { session, backend, clock, log } = services;
  const noSignal = new AbortController().signal;
  let known: Lookup | undefined;

  async function ask(): Promise<Workspace | undefined> {
    try {
      const authorization = await session.authorization('to look up the workspace', noSignal);
      const { accountsCheck, baseUrl } = await backend.readAccountsCheck(authorization, noSignal);
      return workspaceFromWire(accountsCheck, authorization.identity.accountId ?? '', baseUrl);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.info(`the workspace is not known: ${error.kind}`);
      return undefined;
    }
  }

  /** The tokens may have been renewed on the way, or somebody else signed in; a failure is not kept. */
  async function keep(lookup: Lookup): Promise<void> {
    const workspace = await lookup.workspace.catch(() => undefined);
    const now = await subjectOf(session).catch(() => undefined);
    if (known !== lookup) return;
    const isOfNow = now !== undefined && workspace?.routing.chatgptAccountId === now.accountId;
    known = isOfNow ? { ...lookup, key: now.key } : undefined;
  }

  return {
    async find(signal) {
      const subject = await subjectOf(session);
      if (subject === undefined) return undefined;
      if (known?.key !== subject.key) {
        known = { key: subject.key, workspace: ask() };
        void keep(known);
      }
      return untilAborted(withinMs(clock, patienceMs, known.workspace), signal);
    },
  };
}

/** Undefined where there is no account to look up. */
async function subjectOf(session: Session): Promise<{ accountId: string; key: string } | undefined> {
  const login = await session.login();
  if (login.kind !== 'chatgpt' || !login.tokens?.accountId || session.isRefused(login)) return undefined;
  const { accountId, accessToken } = login.tokens;
  return { accountId, key: JSON.stringify([accountId, accessToken]) };
}
