import { expect, test } from 'vitest';
import { keys, type RedeemCommandFixture, withRedeem } from './fixture.js';
import { hasTerminals, type Terminal } from '../../support/processes/terminal.js';

const listed = /Reset credits: \d\r\n[^]*confirm/;
const asked = /Redeem it now\?\r\n[^]*No/;
const offered = /The attempt of \d\d:\d\d is open[^]*confirm/;
const nothingUsed = 'No credit was used.';
const open = 'Run redeem';

/** A step of the dialog: how to reach it, and the outcome if the command is ended there. */
interface Step {
  readonly reach: (terminal: Terminal, fixture: RedeemCommandFixture) => Promise<void>;
  readonly status: number;
  readonly last: string;
  readonly used: string[];
}

const steps: Readonly<Record<string, Step>> = {
  'while the limits are read': {
    reach: async (_terminal, fixture) => fixture.hang('usage'),
    ...{ status: 3, last: nothingUsed, used: [] },
  },
  'while a credit is chosen': {
    reach: (terminal) => terminal.until(listed),
    ...{ status: 3, last: nothingUsed, used: [] },
  },
  'while the question is shown': {
    async reach(terminal) {
      await terminal.until(listed);
      terminal.type(keys.enter);
      await terminal.until(asked);
    },
    ...{ status: 3, last: nothingUsed, used: [] },
  },
  'while it is sent': {
    async reach(terminal, fixture) {
      const isSent = fixture.hang('consume');
      await terminal.until(listed);
      terminal.type(keys.enter);
      await terminal.until(asked);
      terminal.type('y');
      await isSent;
    },
    ...{ status: 4, last: open, used: [] },
  },
  'while the windows are read': {
    async reach(terminal, fixture) {
      await terminal.until(listed);
      terminal.type(keys.enter);
      await terminal.until(asked);
      const isRead = new Promise<void>((resolve) => {
        fixture.backend.script('consume', () => {
          void fixture.hang('usage').then(resolve);
          return undefined;
        });
      });
      terminal.type('y');
      await isRead;
    },
    ...{ status: 0, last: 'could not be read afterwards.', used: ['credit-2'] },
  },
};

const ways: readonly [string, (terminal: Terminal) => void][] = [
  ['Ctrl-C', (terminal) => terminal.type(keys.ctrlC)],
  ['SIGTERM', (terminal) => terminal.signal('SIGTERM')],
];

const cases = ways.flatMap(([way, end]) =>
  Object.entries(steps).map(([name, step]) => [way, name, end, step] as const),
);

test.skipIf(!hasTerminals).each(cases)('%s is safe %s', (_way, _name, end, step) =>
  withRedeem({}, async (fixture) => {
    const terminal = fixture.terminal([]);
    await step.reach(terminal, fixture);
    end(terminal);
    await terminal.left;
    fixture.refuse();
    expect(await terminal.ended).toEqual({ status: step.status, stderr: '', isRestored: true });
    const written = terminal.written();
    expect(written.replace(/\s+/g, ' ')).toContain(step.last);
    expect(written.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(written.lastIndexOf('\u001b[?25l'));
    expect(fixture.used()).toEqual(step.used);
  }),
);

const onTerminal = test.skipIf(!hasTerminals);

onTerminal('the next call finishes a request that was interrupted, with the same key', () =>
  withRedeem({}, async (fixture) => {
    const first = fixture.terminal([]);
    await steps['while it is sent']?.reach(first, fixture);
    first.type(keys.ctrlC);
    await first.left;
    fixture.refuse();
    await first.ended;
    expect(fixture.states()).toEqual(['unclear']);

    fixture.backend.script('consume', undefined);
    const quit = fixture.terminal([]);
    await quit.until(offered);
    quit.type(keys.ctrlC);
    expect(await quit.ended).toMatchObject({ status: 4, isRestored: true });

    const next = fixture.terminal([]);
    await next.until(offered);
    next.type(keys.enter);
    expect(await next.ended).toEqual({ status: 0, stderr: '', isRestored: true });
    expect(new Set(fixture.sent().map(({ redeem_request_id: key }) => key)).size).toBe(1);
    expect([fixture.used(), fixture.states()]).toEqual([['credit-2'], ['verified']]);
  }),
);

onTerminal('Escape does not cancel a request that was sent', () =>
  withRedeem({}, async (fixture) => {
    const terminal = fixture.terminal([]);
    await steps['while it is sent']?.reach(terminal, fixture);
    terminal.type(keys.escape);
    terminal.type(keys.ctrlC);
    expect(await terminal.left).toBe(4);
    fixture.refuse();
  }),
);

test.skipIf(!hasTerminals).each(Object.entries(steps))('a terminal may be closed %s', (_name, step) =>
  withRedeem({}, async (fixture) => {
    const terminal = fixture.terminal([]);
    await step.reach(terminal, fixture);
    terminal.hangUp();
    await terminal.left;
    fixture.refuse();
    expect(await terminal.ended).toEqual({ status: step.status, stderr: '', isRestored: null });
    expect(fixture.used()).toEqual(step.used);
  }),
);
