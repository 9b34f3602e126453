import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  claimOf,
  nextState,
  pendingLimitMs,
  type RedemptionEvent,
  redemptionEvents,
} from '../../src/client/redemption-state.js';
import { type RedemptionState, redemptionStates } from '../../src/protocol/redemption-states.js';

/** The rows of the table in the README that begins with that cell: each cell without its back quotes. */
function tableOf(firstCell: string): string[][] {
  const lines = readFileSync('README.md', 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${firstCell} `));
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest
    .slice(0, end)
    .filter((_line, index) => index !== 1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

test('the table in the README has every state, event and transition, and no other', () => {
  const [heading = [], ...rows] = tableOf('state');
  const events = heading.slice(1, -1);
  const documented = rows.map(([state, ...cells]) => [
    state,
    Object.fromEntries(
      events.flatMap((event, index) => (cells[index] === '' ? [] : [[event, cells[index]]])),
    ),
    cells.at(-1),
  ]);
  const actual = redemptionStates.map((state) => [
    state,
    Object.fromEntries(
      redemptionEvents.flatMap((event) => {
        const next = nextState(state, event);
        return next === undefined ? [] : [[event, next]];
      }),
    ),
    claimOf({ state, redeemedAtMs: 0 }, 0),
  ]);
  expect(new Set(events)).toEqual(new Set(redemptionEvents));
  expect(documented).toEqual(actual);
});

const walk = fc.array(fc.constantFrom(...redemptionEvents), { maxLength: 30 });

/** The states that these events lead through, those left out that cannot come. */
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

test('on every walk: no outcome is forgotten, an unclear attempt stays so until one is known, no window moves back', () => {
  const used: readonly RedemptionState[] = ['redeemed', 'pending', 'partial', 'verified'];
  const order = ['pending', 'partial', 'verified'];
  fc.assert(
    fc.property(walk, (events) => {
      for (const [before, event, after] of statesOn(events)) {
        if (used.includes(before)) expect(used).toContain(after);
        if (before === 'unclear' && (event === 'unknownEnd' || event === 'refusal'))
          expect(after).toBe('unclear');
        // A key that is sent again is one whose outcome was open.
        if (['reset', 'alreadyRedeemed'].includes(event))
          expect(claimOf({ state: before, redeemedAtMs: null }, 0)).toBe('repeat');
        if (before === 'partial') expect(order.indexOf(after)).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('on every walk that goes on long enough an attempt can still end, and what has ended claims nothing', () => {
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
    fc.property(walk, (events) => {
      const last = statesOn(events).at(-1)?.[2] ?? 'sending';
      const ends = [...canReach(last)].filter((state) => claimOf({ state, redeemedAtMs: 0 }, 0) === 'none');
      expect(ends).not.toEqual([]);
      if (canReach(last).size === 1) expect(claimOf({ state: last, redeemedAtMs: 0 }, 0)).toBe('none');
    }),
  );
});

test('windows that have not moved keep the next redemption back for four hours, an unknown outcome for ever', () => {
  const claims = (state: RedemptionState) =>
    [pendingLimitMs - 1, pendingLimitMs].map((nowMs) => claimOf({ state, redeemedAtMs: 0 }, nowMs));
  expect({ pending: claims('pending'), partial: claims('partial'), unclear: claims('unclear') }).toEqual({
    pending: ['wait', 'none'],
    partial: ['wait', 'none'],
    unclear: ['repeat', 'repeat'],
  });
});
