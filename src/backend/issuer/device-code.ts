import { AppError } from '../../util/errors.js';
import { type Reader, readJsonText } from '../../util/json/reading.js';
import { reasonPhrase } from '../request/failure.js';
import { type HttpReply, isSuccess } from '../http/reply.js';
import { askIssuer, type IssuerContext } from './ask-issuer.js';
import { WireDeviceCode, WireDeviceGrant } from './wire-issuer.js';

/** A code that a person types into a browser on any device. */
export interface DeviceCode {
  readonly deviceAuthId: string;
  readonly userCode: string;
  /** How long the issuer wants between two polls; 0 if it does not say. */
  readonly intervalMs: number;
}

/** The grant that is exchanged for tokens after the person has agreed. */
export interface DeviceGrant {
  readonly code: string;
  readonly codeVerifier: string;
}

/**
 * Asks for a code. `issuerBase` is the issuer's URL without a slash at its end.
 *
 * @throws AppError with the texts of `account/login/start`
 */
export async function requestDeviceCode(
  context: IssuerContext,
  { issuerBase, clientId }: { issuerBase: string; clientId: string },
): Promise<DeviceCode> {
  let reply: HttpReply;
  try {
    reply = await post(context, `${issuerBase}/api/accounts/deviceauth/usercode`, { client_id: clientId });
    if (reply.status === 404) throw new AppError('unsupported', notEnabled);
    if (!isSuccess(reply)) throw statusError('device code request', reply);
    const { device_auth_id: deviceAuthId, ...read } = decoded(reply, WireDeviceCode);
    return { deviceAuthId, userCode: read.user_code, intervalMs: read.interval * 1000 };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'unsupported') throw error;
    throw new AppError(error.kind, `failed to request device code: ${error.message}`, {
      cause: error.cause,
      details: error.details,
    });
  }
}

/**
 * Asks whether the person has agreed. Resolves with undefined if not yet, or if no answer comes in time.
 *
 * @throws AppError with the texts of `account/login/completed`; the signal's reason once it is aborted
 */
export async function pollDeviceCode(
  context: IssuerContext,
  { issuerBase, code }: { issuerBase: string; code: DeviceCode },
  signal: AbortSignal,
): Promise<DeviceGrant | undefined> {
  const body = { device_auth_id: code.deviceAuthId, user_code: code.userCode };
  try {
    const reply = await post(context, `${issuerBase}/api/accounts/deviceauth/token`, body, signal);
    if (reply.status === 403 || reply.status === 404) return undefined;
    if (!isSuccess(reply)) throw statusError('device auth', reply);
    const grant = decoded(reply, WireDeviceGrant);
    return { code: grant.authorization_code, codeVerifier: grant.code_verifier };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError && error.kind === 'timedOut') return undefined;
    throw error;
  }
}

const notEnabled =
  'device code login is not enabled for this Codex server. Use the browser login or verify the server URL.';

function post(context: IssuerContext, url: string, json: object, signal?: AbortSignal): Promise<HttpReply> {
  return askIssuer(context, { url, limitMs: context.deviceCodeLimitMs, json, signal });
}

function statusError(what: string, { status }: HttpReply): AppError {
  const message = `${what} failed with status ${status} ${reasonPhrase(status)}`;
  return new AppError('backendStatus', message, { details: { httpStatus: status } });
}

/** Reads the body of a reply. The error does not show it: it may hold a code. */
function decoded<T>(reply: HttpReply, reader: Reader<T>): T {
  const read = reply.isCut ? undefined : readJsonText(reader, reply.text);
  if (read !== undefined) return read;
  throw new AppError('badReply', 'error decoding response body', { details: { httpStatus: reply.status } });
}
