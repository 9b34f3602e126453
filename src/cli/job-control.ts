/** Lets a program that has taken the terminal give it back while the person puts it aside with Ctrl-Z. */
export interface JobControl {
  /** Calls back before the process stops, and when it goes on; the returned function ends that. */
  follow(beforeStop: () => void, afterResume: () => void): () => void;
}

export const jobControl: JobControl = {
  follow(beforeStop, afterResume) {
    const stop = (): void => {
      beforeStop();
      // With a listener of ours the signal itself stops nothing.
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
