import type { IssuerClient } from '../backend/issuer/issuer-client.js';
import { AppError } from '../util/errors.js';
import { osErrorText } from '../util/files/os-error.js';
import { untilAborted } from '../util/waiting.js';
import { loginFromAuthFile } from './auth-file.js';
import type { StoredLogin } from './credentials.js';
import { type AuthEnvironment, clientIdOf, revokeUrl } from './environment.js';
import type { HostTokens } from './tokens/client-tokens.js';
import type { LoginWriter } from './store/login-writer.js';
import type { AuthStore } from './store/store.js';
import { storeFailure } from './store/store-failure.js';
import type { StoredLoginReader } from './store/login-reader.js';

/**
 * Removes the login here and revokes it at its issuer. Tokens that another program owns are only forgotten. Resolves with
 * the reason if the login was to be revoked, but was not.
 *
 * @param signal ends the wait for the issuer without an error, and the wait for other programs with its reason
 * @param options.removesUnreadable also removes a stored text that cannot be read as a login, and revokes nothing then
 * @throws AppError `logout failed: …`; the login then stays stored
 */
export type Logout = (signal: AbortSignal, options?: LogoutOptions) => Promise<string | undefined>;

export interface LogoutOptions {
  readonly removesUnreadable?: boolean;
}

export function createLogout(options: {
  issuer: IssuerClient;
  environment: AuthEnvironment;
  hostTokens: HostTokens;
  writer: LoginWriter;
  reader: StoredLoginReader;
  store: () => Promise<AuthStore>;
}): Logout {
  const { issuer, environment, hostTokens, writer, reader } = options;

  async function revoke(signal: AbortSignal, removesUnreadable: boolean): Promise<string | undefined> {
    const { login, isText } = await storedLogin();
    if (login?.kind === 'invalid' && !login.isWellFormed) {
      // A keyring that does not answer may hold a login that can be read.
      if (removesUnreadable && isText) return login.reason;
      throw new AppError(
        'authFileInvalid',
        `logout failed: failed to deserialize CLI auth from file: ${login.reason}`,
      );
    }
    const token = tokenToRevoke(login);
    if (!token) return undefined;
    const revoking = issuer.revokeToken({
      url: revokeUrl(environment),
      clientId: clientIdOf(environment),
      ...token,
    });
    // Without an answer of the issuer the login is still removed here.
    return untilAborted(revoking, signal).catch((error: unknown) => (error as Error).message);
  }

  async function storedLogin(): Promise<{ login: StoredLogin | undefined; isText: boolean }> {
    const { content, login: inForce } = await reader.read(await options.store());
    if (content.kind === 'unusable' && content.errorCode !== undefined) {
      throw new AppError('authFileInvalid', `logout failed: ${osErrorText(content.errorCode)}`);
    }
    const isText = content.kind === 'text';
    if (content.kind === 'absent') return { login: undefined, isText };
    const login: StoredLogin =
      content.kind === 'text' ? loginFromAuthFile(content.text) : { ...content, kind: 'invalid' };
    // Tokens that are not saved yet have taken the place of those in the store.
    if (login.kind !== 'chatgpt') return { login, isText };
    return { login: inForce.kind === 'none' ? undefined : inForce, isText };
  }

  return async (signal, { removesUnreadable = false } = {}) => {
    let problem: string | undefined;
    try {
      // Nothing is revoked that could not be removed afterwards.
      await writer.prepareRemoval(signal);
      if (!hostTokens.login()) problem = await revoke(signal, removesUnreadable);
      // A login that may have been revoked is removed even after an abort.
      await writer.remove(signal.aborted ? undefined : signal);
    } catch (error) {
      throw storeFailure('remove', error);
    }
    hostTokens.drop();
    return problem;
  };
}

function tokenToRevoke(
  login: StoredLogin | undefined,
): { token: string; tokenType: 'refresh_token' | 'access_token' } | undefined {
  if (login?.kind !== 'chatgpt' || login.source !== 'stored' || !login.tokens) return undefined;
  const { refreshToken, accessToken } = login.tokens;
  if (refreshToken !== '') return { token: refreshToken, tokenType: 'refresh_token' };
  return accessToken === '' ? undefined : { token: accessToken, tokenType: 'access_token' };
}
