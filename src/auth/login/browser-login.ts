import {
  authorizeUrl,
  createLoginSecrets,
  hostedSuccessUrl,
  type LoginEnding,
  successUrl,
} from './oauth-urls.js';
import {
  type CallbackReply,
  type CallbackRequest,
  openCallbackServer,
  textReply,
} from './callback-server.js';
import { loginIssuer } from '../environment.js';
import { type CallbackOutcome, completeLogin } from './complete-login.js';
import type { LoginContext, LoginFlow } from './flow.js';
import { failurePage, successPage } from './pages.js';
import { createLoginProgress } from './progress.js';

/** The ports of the redirect URIs that the issuer accepts. */
const registeredPorts = [1455, 1457] as const;

/** How long a person has to sign in. */
const limitMs = 600_000;

/**
 * Starts a login that a browser completes. The message given to `cancel` rejects `finished` after the prefix of other
 * failures, `Login server error: `.
 *
 * @throws AppError `loginFailed` if no port is free
 */
export async function startBrowserLogin(
  context: LoginContext,
  ending: LoginEnding,
  { ports = registeredPorts }: { ports?: readonly [number, number] } = {},
): Promise<LoginFlow<{ authUrl: string }>> {
  const { clock, log } = context;
  const secrets = createLoginSecrets();
  let outcome: Promise<CallbackOutcome> | undefined;

  const server = await openCallbackServer({ clock, log, ports, answer });
  const origin = `http://127.0.0.1:${server.port}`;
  const redirectUri = `${origin}/auth/callback`;
  const progress = createLoginProgress(() => {
    cancelTimer();
    server.close();
  });
  const cancelTimer = clock.after(limitMs, () => {
    progress.giveUp('Login timed out');
  });

  async function answer({ path, query, isForeign }: CallbackRequest): Promise<CallbackReply> {
    if (path === '/auth/callback') {
      if (query.get('state') === secrets.state) return answerCallback(query);
      log.warn('a login callback came with a wrong state');
      return textReply(400, 'State mismatch');
    }
    if (path === '/success' && progress.isStored()) return lastReply(successPage(), progress.succeed);
    if (path === '/cancel' && !isForeign) {
      return lastReply({ status: 200, body: 'Login cancelled' }, () => {
        progress.giveUp(serverError('Login cancelled'));
      });
    }
    return textReply(404, 'Not Found');
  }

  /** Answers the request with the code. A code can be exchanged once: further requests get the same outcome. */
  async function answerCallback(query: URLSearchParams): Promise<CallbackReply> {
    outcome ??= completeLogin(context, {
      query,
      codeVerifier: secrets.codeVerifier,
      redirectUri,
      progress,
    });
    const done = await outcome;
    if (done.kind === 'failed') {
      const { failure } = done;
      return lastReply(failurePage(failure), () => {
        progress.fail(serverError(failure.message));
      });
    }
    if (ending.useHostedLoginSuccessPage)
      return lastReply(redirect(hostedSuccessUrl(ending)), progress.succeed);
    if (progress.isGivenUp()) return lastReply(successPage(), progress.succeed);
    const { issuer } = loginIssuer(context.environment);
    return redirect(successUrl(done.tokens, { origin, issuer, ending }));
  }

  return {
    answer: { authUrl: authorizeUrl(context, secrets, redirectUri) },
    finished: progress.finished,
    cancel(message) {
      progress.giveUp(serverError(message));
    },
  };
}

function lastReply(reply: CallbackReply, onSent: () => void): CallbackReply {
  return { ...reply, onSent };
}

function redirect(location: string): CallbackReply {
  return {
    status: 302,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  };
}

function serverError(text: string): string {
  return `Login server error: ${text}`;
}
