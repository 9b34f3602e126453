import type { Settings } from '../../config/settings.js';
import { AppError } from '../../util/errors.js';
import { readIdToken } from '../id-token.js';
import { requireAllowedLogin, workspaceProblem, workspaceRule } from '../login-rules.js';
import { accessTokenDocument } from '../store/auth-document.js';
import type { LoginWriter } from '../store/login-writer.js';
import { storeFailure } from '../store/store-failure.js';
import { isPersonalAccessToken, type PersonalAccessTokens } from '../tokens/personal-access-token.js';

/**
 * Stores a personal access token in the place of the login, once its issuer has recognised it.
 *
 * @throws AppError with a text of Codex: `unsupported` if the settings do not allow such a login, `configInvalid`,
 * `loginFailed`, `authStoreUnavailable`; the login that was stored before then stays
 */
export async function signInWithAccessToken(
  options: {
    settings: () => Promise<Settings>;
    personalAccessTokens: PersonalAccessTokens;
    writer: LoginWriter;
  },
  token: string,
): Promise<void> {
  const settings = await options.settings();
  requireAllowedLogin('accessToken', settings);
  if (!isPersonalAccessToken(token)) throw new AppError('loginFailed', notPersonal(token));
  const { tokens } = await options.personalAccessTokens.check(token);
  const problem = workspaceProblem(workspaceRule(settings), tokens?.accountId ?? null);
  if (problem !== undefined) throw new AppError('loginFailed', problem);
  try {
    await options.writer.save(accessTokenDocument(token));
  } catch (error) {
    throw storeFailure('saveToken', error);
  }
}

/** Says why a text is refused. Codex takes it for an agent identity, which only Codex can use. */
function notPersonal(token: string): string {
  const why = readIdToken(token)
    ? 'invalid credential JSON (only Codex can use an agent identity)'
    : 'invalid agent identity JWT format';
  return `failed to decode agent identity JWT: ${why}`;
}
