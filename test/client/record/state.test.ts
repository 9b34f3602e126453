import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  claimOf,
  nextState,
  pendingLimitMs,
  type RedemptionEvent,
  redemptionEvents,
} from '../../../src/client/record/state.js';
import { type RedemptionState, redemptionStates } from '../../../src/protocol/redemption-states.js';

/** Returns the rows of the table in src/client/README.md that begins with these cells, without back quotes. */
function tableOf(firstCells: string): string[][] {
  const lines = readFileSync('src/client/README.md', 'utf8').split('\n');
  const cellsOf = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
  const start = lines.findIndex((line) => cellsOf(line).join(' | ').startsWith(firstCells));
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest
    .slice(0, end)
    .filter((_line, index) => index !== 1)
    .map(cellsOf);
}

/** Returns the transitions of such a table, which has a row for each event and a column for each state. */
function transitionsIn(firstCells: string): string[] {
  const [heading = [], ...rows] = tableOf(firstCells);
  const states = heading.map((cell) => cell.replace('from ', ''));
  return rows.flatMap(([event, ...cells]) =>
    cells.flatMap((next, index) => (next === '' ? [] : [`${states[index + 1]} + ${event} = ${next}`])),
  );
}

describe("the tables in the library's page", () => {
  test('have every state with what it means for the next call', () => {
    const [, ...rows] = tableOf('state | meaning | next call');
    expect(rows.map(([state, , claim]) => [state, claim])).toEqual(
      redemptionStates.map((state) => [state, claimOf({ state, redeemedAtMs: 0 }, 0)]),
    );
  });

  test('have every transition and no other', () => {
    const documented = [
      ...transitionsIn('event | from sending'),
      ...transitionsIn('event | from redeemed'),
      ...transitionsIn('event | from verified'),
    ];
    const actual = redemptionStates.flatMap((state) =>
      redemptionEvents.flatMap((event) => {
        const next = nextState(state, event);
        return next === undefined ? [] : [`${state} + ${event} = ${next}`];
      }),
    );
    expect(documented.toSorted()).toEqual(actual.toSorted());
  });
});

const anyEvents = fc.array(fc.constantFrom(...redemptionEvents), { maxLength: 30 });

/** Returns the transitions that these events cause. Skips events that are not possible. */
function statesOn(events: readonly RedemptionEvent[]): [RedemptionState, RedemptionEvent, RedemptionState][] {
  let state: RedemptionState = 'sending';
  return events.flatMap((event) => {
    const next = nextState(state, event);
    if (next === undefined) return [];
    const step: [RedemptionState, RedemptionEvent, RedemptionState] = [state, event, next];
    state = next;
    return [step];
  });
}

test('no sequence of events forgets an outcome, closes an unclear attempt without one, or moves a window back', () => {
  const moving: readonly RedemptionState[] = ['redeemed', 'pending', 'partial'];
  const moved: readonly RedemptionState[] = ['verified', 'settled', 'reverted'];
  const used = [...moving, ...moved];
  fc.assert(
    fc.property(anyEvents, (events) => {
      for (const [before, event, after] of statesOn(events)) {
        if (used.includes(before)) expect(used).toContain(after);
        if (before === 'unclear' && (event === 'unknownEnd' || event === 'refusal'))
          expect(after).toBe('unclear');
        // A key is sent again only if its outcome was open.
        if (['reset', 'alreadyRedeemed'].includes(event))
          expect(claimOf({ state: before, redeemedAtMs: null }, 0)).toBe('repeat');
        if (before === 'partial') expect(['partial', 'verified']).toContain(after);
        if (moved.includes(before)) expect(moved).toContain(after);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('what was reset is never sent again, whatever later reads show', () => {
  const claims = (['verified', 'settled', 'reverted'] as const).map((state) =>
    claimOf({ state, redeemedAtMs: 0 }, 0),
  );
  expect(claims).toEqual(['none', 'none', 'none']);
});

test('after any sequence of events an attempt can end, and an ended attempt claims nothing', () => {
  const canReach = (from: RedemptionState): Set<RedemptionState> => {
    const seen = new Set([from]);
    for (const state of seen) {
      for (const event of redemptionEvents) {
        const next = nextState(state, event);
        if (next) seen.add(next);
      }
    }
    return seen;
  };
  fc.assert(
    fc.property(anyEvents, (events) => {
      const last = statesOn(events).at(-1)?.[2] ?? 'sending';
      const ends = [...canReach(last)].filter((state) => claimOf({ state, redeemedAtMs: 0 }, 0) === 'none');
      expect(ends).not.toEqual([]);
      if (canReach(last).size === 1) expect(claimOf({ state: last, redeemedAtMs: 0 }, 0)).toBe('none');
    }),
  );
});

test('unmoved windows delay the next redemption for four hours, and an unknown outcome has no time limit', () => {
  const claims = (state: RedemptionState) =>
    [pendingLimitMs - 1, pendingLimitMs].map((nowMs) => claimOf({ state, redeemedAtMs: 0 }, nowMs));
  expect({ pending: claims('pending'), partial: claims('partial'), unclear: claims('unclear') }).toEqual({
    pending: ['wait', 'none'],
    partial: ['wait', 'none'],
    unclear: ['repeat', 'repeat'],
  });
});
