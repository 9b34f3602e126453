import { rateLimitsFromWire } from '../../domain/rate-limits.js';
import type { FoundRead, LiveRead, ReadThrough, StoredRead } from '../../snapshot/read-through.js';
import type { AccountServices } from '../request-context.js';

/** Reads of the limits that other processes with this login share. */
export interface LimitsReader {
  /** Reads, unless the stored read is young enough. @throws as `ReadThrough.read`, and as `Session.authorization` */
  read(ask: LimitsAsk, signal: AbortSignal): Promise<LimitsRead>;
  /** Returns the stored read if it is young enough, without a request. @throws as `Session.authorization` */
  find(ask: LimitsAsk): Promise<StoredRead | undefined>;
  /** Makes all stored reads unusable, and those under way. */
  invalidate(): Promise<void>;
}

/** The services of a handler that reads or changes the limits. */
export interface LimitsServices extends AccountServices {
  readonly limits: LimitsReader;
}

export interface LimitsAsk {
  /** 0: the read is live. */
  readonly maxAgeMs: number;
  readonly supportsLunaReserve: boolean;
  readonly withResetCredits: boolean;
}

export interface LimitsRead extends FoundRead {
  /** The user in the login that the limits were read with. */
  readonly userId: string | null;
}

const purpose = 'to read rate limits';

/** @param loadSnapshots loads the stored reads. It is called when the first of them is needed */
export function createLimitsReader(
  { session, backend }: AccountServices,
  loadSnapshots: () => Promise<ReadThrough>,
): LimitsReader {
  let loading: Promise<ReadThrough> | undefined;
  const snapshots = (): Promise<ReadThrough> => (loading ??= loadSnapshots());

  return {
    async read({ maxAgeMs, supportsLunaReserve, withResetCredits }, signal) {
      const account = await session.knownAccount(purpose);
      let userId = account?.userId ?? null;
      const live: LiveRead = async (isShared) => {
        const authorization = await session.authorization(purpose, signal);
        const how = { supportsLunaReserve, withResetCredits, isFresh: !isShared };
        const reply = await backend.readRateLimits(authorization, how, signal);
        const { identity, startedAtMs, usage } = reply;
        ({ userId } = identity);
        return {
          answer: rateLimitsFromWire(reply),
          startedAtMs,
          countWithoutDetails: usage.rate_limit_reset_credits?.available_count ?? null,
          isOfKey:
            account?.accountId === identity.accountId &&
            account.userId === identity.userId &&
            account.baseUrl === authorization.baseUrl,
          secrets: identity.secrets,
        };
      };
      if (account) {
        const key = { ...account, supportsLunaReserve };
        const found = await (await snapshots()).read(key, { maxAgeMs, withResetCredits }, live, signal);
        return { ...found, userId };
      }
      const { answer, startedAtMs } = await live(maxAgeMs > 0);
      return { answer, readAtMs: startedAtMs, isCached: false, userId };
    },
    async find({ maxAgeMs, supportsLunaReserve, withResetCredits }) {
      const account = await session.knownAccount(purpose);
      if (!account) return undefined;
      return (await snapshots()).find({ ...account, supportsLunaReserve }, { maxAgeMs, withResetCredits });
    },
    async invalidate() {
      (await snapshots()).invalidate();
    },
  };
}
