import { type FaultKind, type FaultName, faults, faultsOf } from './faults.js';

/** The events of a round. They depend on the seed alone. */
export interface Plan {
  /** Whether the second process redeems while the first one does, or after it. */
  readonly isRace: boolean;
  /** Whether the second process has another home, whose auth.json is a link to that of the first. */
  readonly isLinked: boolean;
  readonly faults: readonly PlannedFault[];
  /** The places at which each process waits for the other one; see `PlannedFault.at`. */
  readonly turns: readonly [readonly number[], readonly number[]];
}

export interface PlannedFault {
  readonly name: FaultName;
  /** Which process it comes to, and during what. */
  readonly process: 0 | 1;
  readonly during: 'read' | 'redeem';
  /**
   * `before` it; at a place in it, from 0 to 1; when the backend has received the request to redeem; or when it has
   * carried that out and not answered yet.
   */
  readonly at: 'before' | 'received' | 'carriedOut' | number;
  /** A number for the fault, from 0 up to but excluding 1. */
  readonly value: number;
}

/** The first of two processes is killed, or loses its server. The second redeems after it. */
export function planKill(random: () => number): Plan {
  const at = pick(random, ['received', 'carriedOut', random(), random()] as const);
  const kill: PlannedFault = {
    name: pick(random, faultsOf('kill')),
    process: 0,
    during: 'redeem',
    at,
    value: 0,
  };
  return {
    isRace: false,
    isLinked: random() < 0.1,
    faults: [kill, ...moreFaults(random, ['account', 'clock', 'lock', 'answer'], 0.35)],
    turns: [[], []],
  };
}

/** Two processes redeem at once. Each goes on in turns with the other, so that they meet at any place. */
export function planRace(random: () => number): Plan {
  return {
    isRace: true,
    isLinked: random() < 0.2,
    faults: [
      ...moreFaults(random, ['kill'], 0.15),
      ...moreFaults(random, ['account', 'clock', 'answer'], 0.35),
      ...moreFaults(random, ['lock'], 0.5),
    ],
    turns: [[random(), random()], [random()]],
  };
}

/** Adds a fault of each kind, with this probability each. */
function moreFaults(random: () => number, kinds: readonly FaultKind[], probability: number): PlannedFault[] {
  return kinds.flatMap((kind) => {
    if (random() >= probability) return [];
    const name = pick(random, faultsOf(kind));
    const process = pick(random, [0, 0, 1] as const);
    const during = process === 0 && random() < 0.2 && !needsRedemption(kind) ? 'read' : 'redeem';
    const at =
      kind === 'answer'
        ? 'before'
        : pick(random, ['before', 'received', 'carriedOut', random(), random(), random()] as const);
    const fault: PlannedFault = {
      name,
      process,
      during,
      at: during === 'read' && typeof at === 'string' ? 'before' : at,
      value: random(),
    };
    return faults[name].kind === 'account' && random() < 0.6
      ? [fault, signedInAgain(random, fault)]
      : [fault];
  });
}

function needsRedemption(kind: FaultKind): boolean {
  return kind === 'kill' || kind === 'lock' || kind === 'answer';
}

/** The owner of the login signs in again, at a later place of the same process or before the other one. */
function signedInAgain(random: () => number, { process, during, at }: PlannedFault): PlannedFault {
  const name = 'signedIn';
  const value = 0;
  if (process === 0 && random() < 0.4) return { name, process: 1, during: 'redeem', at: 'before', value };
  const from = typeof at === 'number' ? at : 0;
  return { name, process, during, at: from + (1 - from) * random(), value };
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}

/** Describes a plan in one line, for the report of a violation. */
export function planText({ isRace, isLinked, faults: all, turns }: Plan): string {
  const short = (place: number | string): string => (typeof place === 'number' ? place.toFixed(3) : place);
  return [
    isRace ? `two at once, in turns at ${turns.flat().map(short).join(' ')}` : 'one after the other',
    ...(isLinked ? ['two homes'] : []),
    ...all.map(
      (each) => `${each.name} ${short(each.at)} ${each.during} ${each.process} (${short(each.value)})`,
    ),
  ].join('; ');
}
