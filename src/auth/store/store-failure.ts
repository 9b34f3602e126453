import { AppError } from '../../util/errors.js';
import { ReadOnlyFileError } from '../../util/files/atomic-file.js';
import { osErrorText } from '../../util/files/os-error.js';
import { LockLostError } from '../../util/files/locks/file-lock.js';
import { KeyringError } from './keyring-error.js';
import { LockHeldError } from './save-locks.js';

/** The beginnings of the messages, by what was done to the store. */
const failures = {
  save: { prefix: 'failed to save api key', keyring: 'failed to write OAuth tokens to keyring' },
  saveToken: { prefix: 'failed to save the access token', keyring: 'failed to write it to the keyring' },
  switch: { prefix: 'failed to switch the workspace', keyring: 'failed to write it to the keyring' },
  remove: { prefix: 'logout failed', keyring: 'failed to delete auth from keyring' },
} as const;

/** Turns an error of the store into the error of the answer. An unexpected error stays as it is. */
export function storeFailure(work: keyof typeof failures, cause: unknown): unknown {
  const { prefix, keyring } = failures[work];
  if (cause instanceof KeyringError) {
    return new AppError('authStoreUnavailable', `${prefix}: ${keyring}: ${cause.message}`, { cause });
  }
  if (cause instanceof ReadOnlyFileError) {
    return new AppError('loginFailed', `${prefix}: credential file is read-only`, { cause });
  }
  if (isLockError(cause)) return new AppError('loginFailed', `${prefix}: ${cause.message}`, { cause });
  const { code, syscall, errno } = cause as NodeJS.ErrnoException;
  const isFileError = cause instanceof Error && typeof code === 'string' && (syscall ?? errno) !== undefined;
  if (!isFileError) return cause;
  return new AppError('loginFailed', `${prefix}: ${osErrorText(code)}`, { cause });
}

/** Returns why the store could not be changed, as a text that is safe to log: other messages may hold anything. */
export function storeProblem(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (error instanceof KeyringError || isLockError(error)) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return code ? `auth.json cannot be replaced (${code})` : error.name;
}

function isLockError(error: unknown): error is LockHeldError | LockLostError {
  return error instanceof LockHeldError || error instanceof LockLostError;
}
