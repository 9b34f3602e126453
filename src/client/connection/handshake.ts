import type { Connection } from './connection.js';
import { ConnectionError, RequestError } from './errors.js';
import type { InitializeParams, InitializeResponse } from '../protocol.js';

/** The oldest Codex whose account methods are those of this library. */
export const defaultMinimumVersion = '0.149.0';

/**
 * Introduces the client, and looks at who is there.
 *
 * @param minimumVersion the oldest version to accept; null accepts any
 * @throws ConnectionError `unsupportedServer`, or what `Connection.request` throws
 */
export async function performHandshake(
  connection: Connection,
  params: InitializeParams,
  { minimumVersion, signal }: { minimumVersion: string | null; signal: AbortSignal },
): Promise<InitializeResponse> {
  const answer: Partial<InitializeResponse> = await connection
    .request('initialize', params, signal)
    .catch((error: unknown) => {
      throw error instanceof RequestError
        ? unsupported(`it refuses initialize: ${error.message}`, error)
        : error;
    });
  const { userAgent, codexHome } = answer;
  if (typeof userAgent !== 'string' || typeof codexHome !== 'string') {
    throw unsupported('its answer to initialize is of another shape');
  }
  // The name may hold a slash itself; a server that is told another one to go by uses that.
  const { name } = params.clientInfo;
  const behindName = userAgent.startsWith(`${name}/`) ? userAgent.slice(name.length) : userAgent;
  const version = /^[^/]*\/(\d+\.\d+\.\d+)/.exec(behindName)?.[1];
  if (minimumVersion !== null && !(version !== undefined && isAtLeast(version, minimumVersion))) {
    throw unsupported(`it serves version ${version ?? 'unknown'}, and ${minimumVersion} is needed`);
  }
  await connection.notify('initialized');
  return answer as InitializeResponse;
}

function unsupported(reason: string, cause?: Error): ConnectionError {
  return new ConnectionError('unsupportedServer', `the server is not supported: ${reason}`, { cause });
}

function isAtLeast(version: string, minimum: string): boolean {
  const [one, other] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const difference = other.map((number, index) => (one[index] ?? 0) - number).find((each) => each !== 0);
  return (difference ?? 0) >= 0;
}
