import type { Connection } from './connection.js';
import { ConnectionError, RequestError } from './errors.js';
import type { InitializeParams, InitializeResponse } from '../protocol.js';

/** The oldest Codex version that has the account methods of this library. */
export const defaultMinimumVersion = '0.149.0';

/**
 * Sends `initialize`, checks the server's answer, and sends `initialized`.
 *
 * @param minimumVersion the oldest version to accept; null accepts any
 * @throws ConnectionError `unsupportedServer`, or what `Connection.request` throws
 */
export async function performHandshake(
  connection: Connection,
  params: InitializeParams,
  { minimumVersion, signal }: { minimumVersion: string | null; signal: AbortSignal },
): Promise<InitializeResponse> {
  const unsupported = (reason: string, cause?: Error): ConnectionError => {
    const message = `the server is not supported: ${reason}`;
    return new ConnectionError('unsupportedServer', message, { cause, stderrTail: connection.stderrTail() });
  };
  const answer: Partial<InitializeResponse> = await connection
    .request('initialize', params, signal)
    .catch((error: unknown) => {
      // A server that cannot use its CODEX_HOME or its arguments says so, and exits.
      throw error instanceof RequestError && error.kind !== 'configInvalid'
        ? unsupported(`it refused initialize: ${error.message}`, error)
        : error;
    });
  const { userAgent, codexHome } = answer;
  if (typeof userAgent !== 'string' || typeof codexHome !== 'string') {
    throw unsupported('its answer to initialize lacks userAgent or codexHome');
  }
  // The name may contain a slash. The user agent has another name if the server was given one.
  const { name } = params.clientInfo;
  const afterName = userAgent.startsWith(`${name}/`) ? userAgent.slice(name.length) : userAgent;
  const version = /^[^/]*\/(\d+\.\d+\.\d+)/.exec(afterName)?.[1];
  if (minimumVersion !== null && !(version !== undefined && isAtLeast(version, minimumVersion))) {
    throw unsupported(`its version is ${version ?? 'unknown'}, but ${minimumVersion} or newer is required`);
  }
  await connection.notify('initialized');
  return answer as InitializeResponse;
}

function isAtLeast(version: string, minimum: string): boolean {
  const [one, other] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const difference = other.map((number, index) => (one[index] ?? 0) - number).find((each) => each !== 0);
  return (difference ?? 0) >= 0;
}
