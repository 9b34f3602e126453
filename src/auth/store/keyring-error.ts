export type KeyringFailure = 'notInstalled' | 'unavailable' | 'locked' | 'unanswered' | 'failed';

/** The keyring cannot be used. The message is a sentence for people, and never contains the stored text. */
export class KeyringError extends Error {
  readonly failure: KeyringFailure;

  constructor(failure: KeyringFailure, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'KeyringError';
    this.failure = failure;
  }
}
