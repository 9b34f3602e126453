/** Suspension by Ctrl-Z, so that a program that uses the whole screen can restore it meanwhile. */
export interface JobControl {
  /** Calls `beforeStop` before the process stops, and `afterResume` when it continues. Returns a function that ends this. */
  follow(beforeStop: () => void, afterResume: () => void): () => void;
}

export const jobControl: JobControl = {
  follow(beforeStop, afterResume) {
    const stop = (): void => {
      beforeStop();
      // As SIGTSTP has a listener, it does not stop the process by itself.
      process.kill(process.pid, 'SIGSTOP');
    };
    process.on('SIGTSTP', stop);
    process.on('SIGCONT', afterResume);
    return () => {
      process.off('SIGTSTP', stop);
      process.off('SIGCONT', afterResume);
    };
  },
};
