/**
 * Wraps a function of the caller, so that the client can call it at any time.
 *
 * What it throws, and what a promise of it rejects with, becomes an uncaught exception of the program. It never changes
 * what the client does.
 */
export function guarded<Args extends readonly unknown[]>(
  callback: (...args: Args) => unknown,
): (...args: Args) => void {
  return (...args) => {
    new Promise((resolve) => resolve(callback(...args))).catch(throwOutside);
  };
}

function throwOutside(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
