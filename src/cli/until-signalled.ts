/**
 * Resolves when the person or the system asks the process to stop; it then goes on for as long as it likes. Further
 * signals change nothing, so that they do not cut short what is still to be cleared away.
 */
export function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        resolve();
      });
  });
}
