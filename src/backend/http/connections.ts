import { AppError } from '../../util/errors.js';
import type { Clock } from '../../util/clock.js';
import type { Log } from '../../util/log.js';
import { decodeText, decompress } from './decode-body.js';
import { createConnectReport } from './connect-report.js';
import { ConnectError } from './connection-failure.js';
import { type ConnectionProblem, reachProblemOf, replyProblemOf } from './connection-problem.js';
import { createCookies } from './cookies/cookies.js';
import { createRoutes } from './routes.js';
import type { HttpResponse } from './receive-response.js';
import { firstHeader, type HttpReply, maxReplyBytes } from './reply.js';
import type { Environment, Proxy } from './proxy.js';
import { sendOnce, sendRead } from './send.js';
import type { Dispatcher } from './undici.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** A read may use a kept connection, and may then be sent twice. All else gets a new one and is sent once. */
  readonly isRead: boolean;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpConnections {
  /**
   * Sends one request and receives its reply, without retries. A redirect is a status like any other (D3).
   *
   * @throws AppError `backendUnreachable` if no reply came or its body broke off, with a ConnectError as its cause if
   * nothing was sent; `configInvalid` if the file of CA certificates cannot be used
   * @throws the signal's reason once it is aborted
   */
  exchange(request: HttpRequest): Promise<HttpReply>;
}

export interface HttpConnectionsOptions {
  /** Names proxies and CA certificates; see `proxyFor` and `createTrust`. */
  readonly environment: Environment;
  readonly log: Log;
  readonly clock: Clock;
  /** Called with each reply. */
  readonly onReply?: () => void;
}

/** Reads, builds and connects nothing before the first request. */
export function createHttpConnections({
  environment,
  log,
  clock,
  onReply,
}: HttpConnectionsOptions): HttpConnections {
  const findRoute = createRoutes(environment);
  const cookies = createCookies(clock);
  const hasProxies = Object.keys(environment).some((name) => /^(https?|all)_proxy$/i.test(name));
  const report = createConnectReport(log);

  return {
    async exchange(request) {
      const { url, isRead, signal } = request;
      signal.throwIfAborted();
      let proxy: Proxy | undefined;
      let response: HttpResponse;
      try {
        if (hasProxies) proxy = (await import('./proxy.js')).proxyFor(url, environment);
        const options = dispatchOptions(request, proxy, cookies.headerFor(url));
        const findNew = (): ReturnType<typeof findRoute> => findRoute(url, 'new', proxy);
        const send = await (isRead ? findRoute(url, 'kept', proxy) : findNew());
        signal.throwIfAborted();
        response = await (isRead
          ? sendRead(send, options, { signal, clock, findNew })
          : sendOnce(send, options, signal));
      } catch (cause) {
        const problem = cause instanceof ConnectError ? cause.problem : replyProblemOf(cause);
        if (problem || cause instanceof ConnectError) report(cause as Error, problem, url, proxy);
        signal.throwIfAborted();
        if (cause instanceof AppError) throw cause;
        throw new AppError('backendUnreachable', `error sending request for url (${url.href})`, {
          cause,
          details: problem ?? reachProblem(cause, url, proxy) ?? {},
        });
      }
      onReply?.();
      const { status, headers } = response;
      await cookies.keep(url, headers);
      const coding = headers['content-encoding'];
      const limits = { maxBytes: maxReplyBytes, signal };
      const body = coding === undefined ? response : await decompress(response, coding, limits);
      const text = decodeText(body.bytes, firstHeader(headers, 'content-type') ?? '');
      return { status, headers, text, isCut: body.isCut };
    },
  };
}

/** Returns why the backend or the proxy cannot be reached; undefined if there was a connection. */
function reachProblem(error: unknown, url: URL, proxy: Proxy | undefined): ConnectionProblem | undefined {
  if (!(error instanceof ConnectError)) return undefined;
  return reachProblemOf(error.cause, proxy ? `the proxy ${proxy.url.host}` : url.host);
}

function dispatchOptions(
  { url, method, headers, body }: HttpRequest,
  proxy: Proxy | undefined,
  cookie: string | undefined,
): Dispatcher.DispatchOptions {
  const path = url.pathname + url.search;
  const options = {
    method,
    body: body ?? null,
    origin: url.origin,
    path,
    headers: cookie === undefined ? headers : { ...headers, cookie },
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  // An https request goes through the proxy in a tunnel, as if it were direct.
  if (!proxy || url.protocol === 'https:') return options;
  const forProxy = { ...options.headers, host: url.host, ...authorization(proxy) };
  return { ...options, origin: proxy.url.origin, path: url.origin + path, headers: forProxy };
}

function authorization(proxy: Proxy): Readonly<Record<string, string>> {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization };
}
