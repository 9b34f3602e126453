import type { UsageIo } from '../../io.js';
import type { Keyboard } from '../../terminal/process/keyboard.js';
import { print } from '../../terminal/print.js';

/** A view that takes the whole terminal, is redrawn, and restores the terminal at the end. */
export interface LiveScreen {
  /** Draws what has changed. */
  draw(): Promise<void>;
  /** Restores the terminal. */
  close(): void;
}

/** How often the frame is rendered even without new data, as ages and durations change. */
const tickMs = 1_000;

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const toRow = (row: number): string => `\u001b[${row};1H`;
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** On fewer rows only the frame is shown. */
const leastRowsWithFooter = 3;

export function createLiveScreen(options: {
  stdout: UsageIo['stdout'];
  clock: UsageIo['clock'];
  jobControl: UsageIo['jobControl'];
  /** Undefined if no keys are read. */
  keyboard: Keyboard | undefined;
  /** The lines to show, no wider than the terminal is now. */
  frame: () => readonly string[];
  /** The last line, which follows after an empty one. */
  footer: () => string;
  /** Called when a write fails because the terminal is closed. */
  onClosed: () => void;
}): LiveScreen {
  const { stdout, clock, jobControl, keyboard, frame, footer, onClosed } = options;
  let drawn: readonly string[] | undefined;
  let isEntered = false;
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
    const lines = visibleLines();
    const text = drawn?.length === lines.length ? changesFrom(drawn, lines) : whole(lines);
    drawn = lines;
    if (text === '') return;
    const start = isEntered ? '' : enter;
    isEntered = true;
    await write(start + text);
  }

  function visibleLines(): string[] {
    // A newline in the last line would scroll the terminal. A terminal that reports 0 rows does not know its height.
    const rows = stdout.rows ? Math.max(1, stdout.rows - 1) : Infinity;
    const content = frame();
    if (rows < leastRowsWithFooter) return content.slice(0, rows);
    return [...[...content, ''].slice(0, rows - 1), footer()];
  }

  const redraw = (): void => {
    drawn = undefined;
    void draw();
  };
  stdout.on('resize', redraw);
  const unfollow = jobControl.follow(
    () => {
      keyboard?.pause();
      stdout.write(leave);
    },
    () => {
      keyboard?.resume();
      isEntered = false;
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
      keyboard?.close();
      stdout.write(leave);
    },
  };
}

function whole(lines: readonly string[]): string {
  return home + lines.map((line) => `${line}${clearLine}\n`).join('') + clearBelow;
}

/** Returns the text that draws only the lines that have changed. */
function changesFrom(before: readonly string[], lines: readonly string[]): string {
  return lines
    .map((line, index) => (line === before[index] ? '' : `${toRow(index + 1)}${line}${clearLine}`))
    .join('');
}
