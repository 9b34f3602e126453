import { AppError } from '../util/errors.js';
import { readIdToken } from './id-token.js';
import { switchedDocument } from './store/auth-document.js';
import type { LoginWriter } from './store/login-writer.js';
import { storeFailure } from './store/store-failure.js';

/** An access token of another workspace of the same user. */
export interface WorkspaceToken {
  readonly userId: string;
  readonly fromAccountId: string | null;
  readonly accountId: string;
  readonly accessToken: string;
}

/**
 * Stores the access token in the place of the one of the stored login.
 *
 * @param signal ends the wait for other programs with its reason
 * @throws AppError `unsupported` if the token is for another user or workspace, `accountChanged` if the stored login is,
 * or the error of the store
 */
export async function saveWorkspace(
  writer: LoginWriter,
  { userId, fromAccountId, accountId, accessToken }: WorkspaceToken,
  signal: AbortSignal,
): Promise<void> {
  const claims = readIdToken(accessToken);
  if (claims?.userId !== userId || claims.accountId !== accountId) {
    throw new AppError('unsupported', 'Workspace exchange returned a different user or workspace');
  }
  try {
    await writer.edit(({ login, text }) => {
      const tokens = login.kind === 'chatgpt' && login.source === 'stored' ? login.tokens : null;
      const isSame = tokens?.claims.userId === userId && tokens.accountId === fromAccountId;
      if (!isSame || text === undefined) {
        throw new AppError(
          'accountChanged',
          'the stored login has changed, so the workspace was not switched',
        );
      }
      return switchedDocument(text, { accessToken, accountId });
    }, signal);
  } catch (error) {
    throw error instanceof AppError ? error : storeFailure('switch', error);
  }
}
