import { AppError } from '../../util/errors.js';
import type { Log } from '../../util/log.js';
import { decodeText, decompress } from './decode-body.js';
import { createConnectReport } from './connect-report.js';
import { ConnectError } from './connection-failure.js';
import { createAgents, type Pool } from './agents.js';
import { type HttpResponse, receiveResponse } from './receive-response.js';
import { firstHeader, type HttpReply, maxReplyBytes } from './reply.js';
import type { Environment, Proxy } from './proxy.js';
import type { Dispatcher } from './undici.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** The connections that it uses. */
  readonly pool: Pool;
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
  /** Called with each reply. */
  readonly onReply?: () => void;
}

/** Reads, builds and connects nothing before the first request. */
export function createHttpConnections({
  environment,
  log,
  onReply,
}: HttpConnectionsOptions): HttpConnections {
  const findAgent = createAgents(environment);
  const hasProxies = Object.keys(environment).some((name) => /^(https?|all)_proxy$/i.test(name));
  const report = createConnectReport(log);

  return {
    async exchange(request) {
      const { url, pool, signal } = request;
      signal.throwIfAborted();
      let proxy: Proxy | undefined;
      let response: HttpResponse;
      try {
        if (hasProxies) proxy = (await import('./proxy.js')).proxyFor(url, environment);
        const agent = await findAgent(url, pool, proxy);
        signal.throwIfAborted();
        const receiver = receiveResponse(signal);
        agent.dispatch(dispatchOptions(request, proxy), receiver.handler);
        response = await receiver.response;
      } catch (cause) {
        if (cause instanceof ConnectError) report(cause, url, proxy);
        signal.throwIfAborted();
        if (cause instanceof AppError) throw cause;
        const details = cause instanceof ConnectError ? (cause.handshake ?? {}) : {};
        throw new AppError('backendUnreachable', `error sending request for url (${url.href})`, {
          cause,
          details,
        });
      }
      onReply?.();
      const { status, headers } = response;
      const coding = headers['content-encoding'];
      const limits = { maxBytes: maxReplyBytes, signal };
      const body = coding === undefined ? response : await decompress(response, coding, limits);
      const text = decodeText(body.bytes, firstHeader(headers, 'content-type') ?? '');
      return { status, headers, text, isCut: body.isCut };
    },
  };
}

function dispatchOptions(
  { url, method, headers, body }: HttpRequest,
  proxy: Proxy | undefined,
): Dispatcher.DispatchOptions {
  const path = url.pathname + url.search;
  const options = {
    method,
    body: body ?? null,
    origin: url.origin,
    path,
    headers,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  // An https request goes through the proxy in a tunnel, as if it were direct.
  if (!proxy || url.protocol === 'https:') return options;
  const forProxy = { ...headers, host: url.host, ...authorization(proxy) };
  return { ...options, origin: proxy.url.origin, path: url.origin + path, headers: forProxy };
}

function authorization(proxy: Proxy): Readonly<Record<string, string>> {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization };
}
