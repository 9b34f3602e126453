import { endBySignal } from './signals.js';

/** Suspension by Ctrl-Z and signals of the keyboard, for a program that uses the whole screen. */
export interface JobControl {
  /**
   * Calls `beforeStop` before the process stops or ends, also by an error, and `afterResume` when it continues. Returns a
   * function that ends this.
   */
  follow(beforeStop: () => void, afterResume: () => void): () => void;
  /** Sends a signal to the processes of this job, as the terminal does for Ctrl-C. */
  raise(signal: NodeJS.Signals): void;
}

/** Returns the job control of a platform. Windows has no jobs: there a signal of the keyboard is one of this process. */
export function jobControlOf(platform: NodeJS.Platform): JobControl {
  return platform === 'win32' ? { ...jobControl, raise: raiseOnWindows } : jobControl;
}

const jobControl: JobControl = {
  follow(beforeStop, afterResume) {
    const stop = (): void => {
      beforeStop();
      // As SIGTSTP has a listener, it does not stop the process by itself.
      process.kill(process.pid, 'SIGSTOP');
    };
    const quit = (): void => {
      beforeStop();
      process.kill(process.pid, 'SIGQUIT');
    };
    process.on('SIGTSTP', stop);
    process.once('SIGQUIT', quit);
    process.on('SIGCONT', afterResume);
    // The stack of an error is written before the exit.
    process.on('uncaughtExceptionMonitor', beforeStop);
    process.on('exit', beforeStop);
    return () => {
      process.off('SIGTSTP', stop);
      process.off('SIGQUIT', quit);
      process.off('SIGCONT', afterResume);
      process.off('uncaughtExceptionMonitor', beforeStop);
      process.off('exit', beforeStop);
    };
  },
  raise(signal) {
    process.kill(0, signal);
  },
};

/**
 * Does what node does for a Ctrl-C outside of raw mode. `process.kill` would end the process at once, without its
 * listeners, and does not know SIGTSTP, as nothing can be suspended.
 */
function raiseOnWindows(signal: NodeJS.Signals): void {
  if (signal !== 'SIGTSTP' && !process.emit(signal, signal)) endBySignal(signal, 'win32');
}
