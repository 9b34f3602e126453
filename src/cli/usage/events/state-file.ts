import { join } from 'node:path';
import { emptyMemory, type EventMemory } from '../../../limits/events/event-memory.js';
import { eventKinds, type LimitsEvent } from '../../../limits/events/event-rules.js';
import { accountFolder } from '../../../util/files/account-folder.js';
import { retryOnWindows } from '../../../util/files/in-use.js';
import { isOwnFolder, makeFolder, readOwnFile, replaceOwnFile } from '../../../util/files/own-file.js';
import { shortHash } from '../../../util/text/short-hash.js';
import type { EventsChoice } from './arguments.js';

/** The content of the file of a watch for events. */
export interface EventState {
  /** By account and user; those that were read last come last. The memory of failures has an empty name. */
  readonly accounts: Readonly<Record<string, EventMemory>>;
  /** The events whose commands have not been started. */
  readonly pending: readonly LimitsEvent[];
}

/** A file of the watches with the same rules and the same command. */
export interface EventStateFile {
  readonly path: string;
  /** @throws StateFileError if it was written by a newer version. A file that cannot be read counts as missing */
  read(onProblem: (problem: string) => void): EventState;
  /** @throws the file system's error */
  write(state: EventState): void;
}

export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

const version = 1;
const maxBytes = 256 * 1024;
const maxAccounts = 8;

export function eventStateFile(codexHome: string, { rulesText, command }: EventsChoice): EventStateFile {
  const folder = accountFolder(codexHome);
  const path = join(folder, `events-${shortHash(JSON.stringify([rulesText, command ?? null]))}.json`);
  return {
    path,
    read(onProblem) {
      let text: string | undefined;
      try {
        text = isOwnFolder(folder) ? retryOnWindows(() => readOwnFile(path, maxBytes)) : undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return empty;
      }
      const state = text === undefined ? undefined : stateFrom(text, path);
      if (!state) onProblem(`${path} cannot be read: conditions that hold are reported again`);
      return state ?? empty;
    },
    write({ accounts, pending }) {
      makeFolder(folder);
      const kept = Object.fromEntries(Object.entries(accounts).slice(-maxAccounts));
      replaceOwnFile(path, `${JSON.stringify({ version, accounts: kept, pending })}\n`);
    },
  };
}

const empty: EventState = { accounts: {}, pending: [] };

function stateFrom(text: string, path: string): EventState | undefined {
  let value: Partial<EventState> & { readonly version?: unknown };
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if (typeof value.version === 'number' && value.version > version) {
    throw new StateFileError(`${path} was written by a newer version of this program`);
  }
  const { accounts, pending } = value;
  if (value.version !== version || !isObject(accounts) || !Array.isArray(pending)) return undefined;
  if (!Object.values(accounts).every(isMemory) || !pending.every(isEvent)) return undefined;
  return { accounts, pending };
}

/** Returns whether a value has the shape of a memory; its own values are this program's. */
function isMemory(value: unknown): value is EventMemory {
  if (!isObject(value)) return false;
  const { windows, on, reportedMs, credits, permission } = value as Partial<EventMemory>;
  const isPermission = permission === null || permission === 'allowed' || permission === 'blocked';
  return (
    isObject(windows) && Array.isArray(on) && isObject(reportedMs) && credits !== undefined && isPermission
  );
}

function isEvent(value: unknown): value is LimitsEvent {
  const { kind, at } = (isObject(value) ? value : {}) as Partial<LimitsEvent>;
  return (eventKinds as readonly unknown[]).includes(kind) && typeof at === 'number';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Returns the memory of an account. */
export function memoryOf({ accounts }: EventState, account: string): EventMemory {
  return accounts[account] ?? emptyMemory;
}

/** Returns the state with the memory of an account, which comes last. */
export function withMemory(state: EventState, account: string, memory: EventMemory): EventState {
  const { [account]: _, ...others } = state.accounts;
  return { ...state, accounts: { ...others, [account]: memory } };
}
