import { safeLine } from '../../../util/text/safe-text.js';
import type { UsageIo } from '../../io.js';
import { print } from '../../terminal/print.js';
import { canRedraw, textStyleFor } from '../../terminal/text-style.js';
import type { UsageOutput } from '../output-choice.js';
import { createWatchedScreen, type ShownWatch } from '../watch/watched-screen.js';
import type { Presentation } from '../presentation.js';
import { contentOf } from '../watch/screen.js';
import type { HomeGroup } from './groups.js';
import type { NamedHome } from './named.js';
import { homesText } from './output.js';
import { homesView } from './view.js';

/** The output of `usage --watch` with `--home`. */
export interface HomesScreen {
  /** @param changed the first name of the home that has been read; undefined if none has */
  show(groups: readonly HomeGroup[], changed: NamedHome | undefined): Promise<void>;
  /** Draws what has changed without a new read. */
  refresh(): void;
  /** Restores the terminal and prints the last view on it. */
  close(groups: readonly HomeGroup[]): Promise<void>;
}

/** Creates the output as `createUsageScreen` does: a view that is redrawn, or texts of the groups that have changed. */
export function createHomesScreen(output: UsageOutput, io: UsageIo, watch: ShownWatch): HomesScreen {
  return output.kind === 'view' && canRedraw(io.stdout, io.env)
    ? redrawnScreen(output.presentation, io, watch)
    : printedScreen(output, io, watch.end);
}

function redrawnScreen(presentation: Presentation, io: UsageIo, watch: ShownWatch): HomesScreen {
  const { stdout, env, clock } = io;
  let current: readonly HomeGroup[] = [];
  const frame = (rows?: number): string[] => {
    const context = { nowMs: clock.nowMs(), textStyle: textStyleFor(stdout, env) };
    return homesView(current, { ...context, presentation, isAlone: current.length === 1 }, rows);
  };
  // An empty line and the last one follow, and one row stays free.
  const rowsNow = (): number | undefined => (stdout.rows ? stdout.rows - 3 : undefined);
  const screen = createWatchedScreen(io, watch, () => frame(rowsNow()));
  return {
    async show(groups) {
      current = groups;
      await screen.draw();
    },
    refresh: () => void screen.draw(),
    async close(groups) {
      screen.close();
      current = groups;
      await print(stdout, `${frame().join('\n')}\n`);
    },
  };
}

interface Printed {
  readonly text: string;
  readonly content: string;
  readonly failure: string | undefined;
}

/** Prints the text of a group again if its content has changed. */
function printedScreen(output: UsageOutput, io: UsageIo, onClosed: () => void): HomesScreen {
  const { stdout, stderr, env, clock } = io;
  const printed = new Map<number, Printed>();

  async function printFailure({ names, state: { failure } }: HomeGroup): Promise<void> {
    const message = failure?.error.message;
    if (message === undefined || message === printed.get(names[0].position)?.failure) return;
    await print(stderr, `${safeLine(`${names[0].label}: ${message}`)}\n`);
  }

  return {
    async show(groups, changed) {
      const group = groups.find(({ names }) => names.some(({ position }) => position === changed?.position));
      if (!group) return;
      const { names, state } = group;
      if (output.kind === 'format') await printFailure(group);
      const now = { nowMs: clock.nowMs(), textStyle: textStyleFor(stdout, env) };
      const content = JSON.stringify([names, contentOf(state, output, now)]);
      const text = await homesText([group], output, { ...now, isAlone: groups.length === 1 }, 0);
      const gap = output.kind === 'view' && printed.size > 0 ? '\n' : '';
      const last = printed.get(names[0].position);
      printed.set(names[0].position, { text, content, failure: state.failure?.error.message });
      if (text === last?.text || content === last?.content) return;
      if (!(await print(stdout, gap + text))) onClosed();
    },
    refresh: () => undefined,
    close: () => Promise.resolve(),
  };
}
