import type { UsageIo } from '../../io.js';
import { openKeyboard } from '../../terminal/process/keyboard.js';
import { paint, textStyleFor } from '../../terminal/text-style.js';
import { footerText } from './footer.js';
import { createLiveScreen, type LiveScreen } from './live-screen.js';
import type { WatchPauses } from './watch-pause.js';

/** The watch that is shown. */
export interface ShownWatch {
  readonly pauses: Pick<WatchPauses, 'phase' | 'readNow'>;
  /** Aborted once the watch ends. */
  readonly signal: AbortSignal;
  /** Ends it: a key asks for that, or a write fails because the reader has gone. */
  readonly end: () => void;
}

/**
 * Creates a screen with the keys of a watch and its last line.
 *
 * @param frame returns the lines above it
 */
export function createWatchedScreen(
  { stdin, stdout, env, clock, jobControl }: UsageIo,
  { pauses, signal, end }: ShownWatch,
  frame: () => readonly string[],
): LiveScreen {
  const actions = { q: end, Q: end, '\u0004': end, r: pauses.readNow, R: pauses.readNow };
  const keyboard = openKeyboard(stdin, actions, jobControl);
  // A second signal ends the process at once.
  signal.addEventListener('abort', () => keyboard?.close());
  const footer = (): string => {
    const textStyle = textStyleFor(stdout, env);
    return paint('dim', footerText(pauses.phase(), keyboard !== undefined, textStyle), textStyle);
  };
  return createLiveScreen({ stdout, clock, jobControl, keyboard, onClosed: end, footer, frame });
}
