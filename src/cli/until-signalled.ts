/**
 * Resolves when the person or the system asks the process to stop; it then goes on for as long as it likes. A second
 * signal of a kind ends it at once, as ever, unless `ignoresFurther`: for what has to be cleared away in a moment.
 */
export function untilSignalled({ ignoresFurther = false } = {}): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      if (ignoresFurther) process.on(signal, () => resolve());
      else process.once(signal, () => resolve());
    }
  });
}
