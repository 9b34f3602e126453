import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

const standardStreams = [0, 1, 2];

/**
 * Records which standard streams are terminals. Returns a function that closes those whose terminal has been closed
 * since: at its exit node 20 restores the modes of its terminals, and aborts with a stack trace if it cannot.
 */
export function watchTerminals(): () => void {
  const terminals = standardStreams.filter((descriptor) => isatty(descriptor));
  return () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  };
}
