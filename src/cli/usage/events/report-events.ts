import { emptyMemory } from '../../../limits/events/event-memory.js';
import type { LimitsEvent } from '../../../limits/events/event-rules.js';
import { eventsOfFailure, eventsOfRead, type EventsRead } from '../../../limits/events/events.js';
import type { Clock } from '../../../util/clock.js';
import { createFlag } from '../../../util/flag.js';
import { untilAborted } from '../../../util/waiting.js';
import type { EventsChoice } from './arguments.js';
import { type EventState, memoryOf, withMemory } from './state-file.js';

/** Finds the events of reads, and reports one after the other. */
export interface EventReports {
  /** @param account the account and the user of the read */
  onRead(read: EventsRead, account: string): void;
  onFailure(errorKind: string): void;
  /** Reports events as they come. @throws the signal's reason; what `report` throws */
  run(signal: AbortSignal): Promise<never>;
}

/** The key for failures, which belong to no account: there may be no login. */
const nobody = '';

/** More events than this are not kept while a command runs. The oldest are dropped. */
const maxPending = 100;

/** An event that was left over by an earlier process is not reported after this time. */
const recentSecs = 3_600;

/**
 * @param state what an earlier process has left
 * @param save stores the state, before an event is reported: an event is not reported twice
 * @param report reports one event
 */
export function createEventReports(
  { rules }: EventsChoice,
  options: {
    state: EventState;
    save: (state: EventState) => void;
    report: (event: LimitsEvent) => Promise<void>;
    clock: Clock;
  },
): EventReports {
  const { save, report, clock } = options;
  const isRecent = ({ at }: LimitsEvent): boolean => clock.nowMs() / 1000 - at <= recentSecs;
  let state: EventState = { ...options.state, pending: options.state.pending.filter(isRecent) };
  const wanted = createFlag();
  if (state.pending.length > 0) wanted.raise();

  function update(next: EventState, events: readonly LimitsEvent[] = []): void {
    const pending = [...next.pending, ...events].slice(-maxPending);
    const changed = { ...next, pending };
    if (JSON.stringify(changed) !== JSON.stringify(state)) save(changed);
    state = changed;
    if (pending.length > 0) wanted.raise();
  }

  return {
    onRead(read, account) {
      const known = memoryOf(state, nobody);
      const quiet = known.on.length > 0 ? withMemory(state, nobody, { ...known, on: [] }) : state;
      const { events, memory } = eventsOfRead(memoryOf(state, account), read, rules, clock.nowMs());
      update(withMemory(quiet, account, memory), events);
    },
    onFailure(errorKind) {
      const { events, memory } = eventsOfFailure(memoryOf(state, nobody), errorKind, rules, clock.nowMs());
      update(memory === emptyMemory ? state : withMemory(state, nobody, memory), events);
    },
    async run(signal) {
      for (;;) {
        await untilAborted(wanted.untilRaised(), signal);
        const [event, ...rest] = state.pending;
        if (rest.length === 0) wanted.lower();
        if (!event) continue;
        update({ ...state, pending: rest });
        await report(event);
        signal.throwIfAborted();
      }
    },
  };
}
