/** Lines for people who look for a fault. No line holds a token, an e-mail address, or what a client sent. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
}

/** Writes one line an entry, prefixed with its level. `write` must not throw. */
export function createLog(write: (line: string) => void): Log {
  return {
    error(message) {
      write(`ERROR ${message}\n`);
    },
    warn(message) {
      write(`WARN ${message}\n`);
    },
  };
}
