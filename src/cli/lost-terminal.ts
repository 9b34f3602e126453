import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

const standardStreams = [0, 1, 2];

/**
 * Notes which standard streams are terminals; the returned function closes those that are terminals no more, as their
 * windows were closed. At its exit Node 20 puts the modes of its terminals back, and aborts with a stack trace where that
 * fails.
 */
export function watchTerminals(): () => void {
  const terminals = standardStreams.filter((descriptor) => isatty(descriptor));
  return () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  };
}
