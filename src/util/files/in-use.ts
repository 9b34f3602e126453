/**
 * The codes for a file that another program has open. Windows refuses then to replace it, and to open it if that program
 * does not share it or is just replacing it. Folders that a Windows machine shares refuse it to Linux, too.
 */
const inUseCodes: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Together 2 s. A scanner of viruses or an indexer holds a changed file for less. */
const maxPauses = 100;
const pauseMs = 20;

/** Returns whether an error with this code may be one of a file in use. */
export function isInUseCode(code: string | undefined): boolean {
  return inUseCodes.has(code);
}

/** Calls `work`, and decides how often. */
export type Retry = <T>(work: () => T) => T;

/**
 * Replaces a file, and tries again while another program has it open. Blocks this thread, for at most 2 s.
 *
 * @throws the error of the last attempt
 */
export function retryReplacing<T>(replace: () => T): T {
  for (let pauses = 0; ; pauses += 1) {
    try {
      return replace();
    } catch (error) {
      if (pauses === maxPauses || !isInUseCode((error as NodeJS.ErrnoException).code)) throw error;
      pause();
    }
  }
}

/**
 * Opens, looks at or removes a file, and on Windows tries again as `retryReplacing` does. Elsewhere these codes mean that
 * this user may not do it, and waiting does not help.
 */
export function retryOnWindows<T>(work: () => T): T {
  return process.platform === 'win32' ? retryReplacing(work) : work();
}

/** Blocks, so that nothing else in this process, such as a signal that ends it, comes between the attempts. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
}
