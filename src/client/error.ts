/** The base class of the errors of this library: `RequestError`, `ConnectionError` and `RedemptionError`. */
export abstract class AccountServerError extends Error {
  abstract override readonly name: 'RequestError' | 'ConnectionError' | 'RedemptionError';
  /** The reason, for programs. */
  abstract readonly kind: string;
  /**
   * Whether the failure may pass without anyone doing something, so that the same call may succeed later. A
   * `RedemptionError` has true only if the next call continues the same attempt. Logins and the e-mail to the owner are
   * not safe to repeat in any case.
   */
  abstract readonly isRetryable: boolean;
  /** How long to wait before another call, as the backend asks; at most a quarter of an hour. */
  abstract readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, brand, { value: true });
  }
}

/** The same symbol in each copy of this library, so that an error of one copy is recognised by another. */
const brand = Symbol.for('codex-account-server.error');

/**
 * Returns whether an error is one of this library. It may come from another copy of the library, such as the ES module
 * next to the CommonJS module, or one inside a bundle, where `instanceof` would say no.
 *
 * @example
 * try {
 *   await client.readRateLimits();
 * } catch (error) {
 *   if (!isAccountServerError(error)) throw error;
 *   console.log(error.kind, error.isRetryable, error.retryAfterMs);
 * }
 */
export function isAccountServerError(error: unknown): error is AccountServerError {
  return typeof error === 'object' && error !== null && brand in error;
}
