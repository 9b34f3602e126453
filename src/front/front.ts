import { isMethod } from '../protocol/methods.js';
import type { LoginAccountParams } from '../protocol/schema/login.js';
import type { CreatePassOn, LoginChange, PassOn, ReadRequest } from '../server/pass-on.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { withinMs } from '../util/waiting.js';
import type { UpstreamCommand } from './child.js';
import { createOwnLogins } from './own-logins.js';
import { createUpstream } from './upstream.js';

export interface FrontOptions {
  readonly command: UpstreamCommand;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with what the upstream program writes to stderr. */
  readonly onStderr: (chunk: Buffer) => void;
}

/** The methods that change who is signed in. The program does not look at the stored login again. */
const loginMethods: ReadonlySet<string> = new Set([
  'account/login/start',
  'account/login/cancel',
  'account/logout',
  'accountSession/switch',
]);

/** As long as our own server gives the issuer. */
const refreshLimitMs = 45_000;

/**
 * Creates what passes methods that are not ours on to a real codex app-server. `README.md` in this folder says what goes
 * where.
 */
export function createFront({ command, clock, log, onStderr }: FrontOptions): CreatePassOn {
  return (host) => {
    let initializeParams = '{}';
    let initialized: string | undefined;
    let hostTokensParams: string | undefined;
    const ownLogins = createOwnLogins(() => upstream.restartSoon());
    const ownChanges = new Set<Promise<unknown>>();
    let refreshing: Promise<void> | undefined;
    const upstream = createUpstream({
      ...{ command, host, clock, log, onStderr },
      firstMessages: () => ({ initializeParams, hostTokensParams }),
      initialized: () => initialized,
      ownLoginsSettled: () => Promise.allSettled([...ownChanges]),
    });

    function isPassed({ method, paramsText }: ReadRequest): boolean {
      if (!isMethod(method)) return true;
      if (!loginMethods.has(method) || !host.client.isInitialized || !upstream.isActive()) return false;
      return method !== 'account/login/cancel' || !ownLogins.has(loginIdOf(paramsText));
    }

    async function passLogin(read: ReadRequest): Promise<unknown> {
      const answer = upstream.request(read, async (isSuccess) => {
        if (!isSuccess) return;
        noteLogin(read);
        await host.followLogin(changeBy(read));
      });
      // Only now: the request may have started the program again.
      upstream.loginFilter()?.handOver();
      return answer;
    }

    async function handleOwn(read: ReadRequest, own: () => Promise<unknown>): Promise<unknown> {
      if (!loginMethods.has(read.method) && read.method !== 'initialize') return own();
      const work = own();
      ownChanges.add(work);
      try {
        const result = await work;
        if (read.method === 'initialize') initializeParams = read.paramsText ?? '{}';
        else noteLogin(read);
        const loginId = (result as { loginId?: string | null }).loginId;
        if (loginId) ownLogins.add(loginId);
        return result;
      } finally {
        ownChanges.delete(work);
      }
    }

    /** Remembers tokens that the client owns: the program gets them at each start. */
    function noteLogin(read: ReadRequest): void {
      const { kind } = changeBy(read);
      if (kind === 'hostTokens') hostTokensParams = read.paramsText;
      else if (kind === 'signedOut') hostTokensParams = undefined;
    }

    async function askToRefresh(): Promise<void> {
      await withinMs(clock, refreshLimitMs, upstream.call('account/read', '{"refreshToken":true}'));
    }

    const handle: PassOn['handle'] = (read, own) => {
      if (!isPassed(read)) return handleOwn(read, own);
      if (!host.client.isInitialized) {
        return Promise.reject(new AppError('notInitialized', 'Not initialized'));
      }
      return loginMethods.has(read.method) ? passLogin(read) : upstream.request(read);
    };

    return {
      handle,
      receive({ text, method, idText }) {
        if (idText !== undefined) upstream.answer(idText, text);
        else if (method === 'initialized' && host.client.isInitialized) {
          upstream.notify(text);
          initialized ??= text;
        } else if (method !== undefined && !isMethod(method) && method !== '$/cancelRequest') {
          // The id in a cancellation is not the one that the program knows.
          upstream.notify(text);
        }
      },
      whenWritable: upstream.whenWritable,
      allows: (method, params) =>
        ownLogins.allows(method, params, upstream.loginFilter()?.isHandedOver() ?? false),
      refresher: {
        isActive: upstream.mayRefresh,
        refresh() {
          refreshing ??= askToRefresh().finally(() => {
            refreshing = undefined;
          });
          return refreshing;
        },
      },
      inputEnded: upstream.inputEnded,
      end: upstream.end,
    };
  };
}

/** Returns what a successful request has changed. */
function changeBy({ method, paramsText }: ReadRequest): LoginChange {
  if (method === 'account/logout') return { kind: 'signedOut' };
  if (method === 'account/login/cancel') return { kind: 'reread' };
  if (method !== 'account/login/start') return { kind: 'signedIn' };
  const params = JSON.parse(paramsText ?? '{}') as LoginAccountParams;
  return params.type === 'chatgptAuthTokens' ? { kind: 'hostTokens', params } : { kind: 'signedIn' };
}

function loginIdOf(paramsText = '{}'): string | undefined {
  const { loginId } = JSON.parse(paramsText) as { loginId?: unknown };
  return typeof loginId === 'string' ? loginId : undefined;
}
