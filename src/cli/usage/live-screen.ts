import type { UsageIo } from '../io.js';
import { print } from '../terminal/print.js';

/** A view that takes the whole terminal, is redrawn, and restores the terminal at the end. */
export interface LiveScreen {
  /** Draws the frame if it has changed. */
  draw(): Promise<void>;
  /** Restores the terminal. */
  close(): void;
}

/** How often the frame is rendered even without new data, as ages and durations change. */
const tickMs = 1_000;

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

export function createLiveScreen(options: {
  stdout: UsageIo['stdout'];
  clock: UsageIo['clock'];
  jobControl: UsageIo['jobControl'];
  /** The lines to show, no wider than the terminal is now. */
  frame: () => readonly string[];
  /** Called when a write fails because the terminal is closed. */
  onClosed: () => void;
}): LiveScreen {
  const { stdout, clock, jobControl, frame, onClosed } = options;
  let drawn: string | undefined;
  let cancelTick = (): void => undefined;
  let isClosed = false;

  async function write(text: string): Promise<void> {
    const isThere = await print(stdout, text).catch(() => false);
    if (!isThere) onClosed();
  }

  async function draw(): Promise<void> {
    if (isClosed) return;
    cancelTick();
    cancelTick = clock.after(tickMs, () => void draw());
    // A newline in the last line would scroll the terminal. A terminal that reports 0 rows does not know its height.
    const lines = frame().slice(0, stdout.rows ? Math.max(1, stdout.rows - 1) : Infinity);
    const text = home + lines.map((line) => `${line}${clearLine}\n`).join('') + clearBelow;
    if (text === drawn) return;
    const isFirst = drawn === undefined;
    drawn = text;
    await write((isFirst ? enter : '') + text);
  }

  const redraw = (): void => {
    drawn = drawn === undefined ? undefined : '';
    void draw();
  };
  stdout.on('resize', redraw);
  const unfollow = jobControl.follow(
    () => {
      stdout.write(leave);
    },
    () => {
      drawn = undefined;
      redraw();
    },
  );
  void draw();

  return {
    draw,
    close() {
      isClosed = true;
      cancelTick();
      stdout.off('resize', redraw);
      unfollow();
      stdout.write(leave);
    },
  };
}
