/**
 * Wraps a callback of the caller, so that its errors do not change what the client does. An error that it throws, or
 * that its promise rejects with, becomes an uncaught exception of the program.
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
