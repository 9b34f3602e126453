import type { InputStream } from '../../io.js';
import type { JobControl } from './job-control.js';

/** Single keys of a terminal. They are read until `close`, except between `pause` and `resume`. */
export interface Keyboard {
  pause(): void;
  resume(): void;
  /** Restores the modes of the terminal. A second call does nothing. */
  close(): void;
}

/** The keys that a terminal in its usual mode turns into signals. */
const signalKeys: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001c': 'SIGQUIT',
  '\u001a': 'SIGTSTP',
};

const escape = '\u001b';

/**
 * Reads single keys. Those for signals act as ever. Keys that send an escape sequence, such as arrows, are ignored.
 *
 * @param actions the action for each key; any other key is ignored
 * @returns undefined if the input is not a terminal
 */
export function openKeyboard(
  input: InputStream,
  actions: Readonly<Record<string, () => void>>,
  jobControl: JobControl,
): Keyboard | undefined {
  if (input.isTTY !== true || !input.setRawMode) return undefined;
  let isClosed = false;
  const setRaw = (isRaw: boolean): void => void input.setRawMode?.(isRaw);
  const onData = (chunk: Buffer | string): void => {
    const text = chunk.toString();
    if (text.startsWith(escape)) return;
    for (const key of text) {
      const signal = signalKeys[key];
      if (signal) jobControl.raise(signal);
      else if (Object.hasOwn(actions, key)) actions[key]?.();
    }
  };
  // A terminal that is closed reports an error, and SIGHUP ends the command.
  input.on('error', () => undefined);
  input.on('data', onData);
  setRaw(true);
  input.resume();
  return {
    pause: () => {
      if (!isClosed) setRaw(false);
    },
    resume: () => {
      if (!isClosed) setRaw(true);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      input.off('data', onData);
      input.pause();
      setRaw(false);
    },
  };
}
