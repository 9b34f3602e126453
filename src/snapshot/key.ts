import { shortHash } from '../util/text/short-hash.js';

/** The login and backend that limits were read with. Reads with the same key have the same answer. */
export interface SnapshotKey {
  readonly accountId: string;
  readonly userId: string;
  readonly baseUrl: string;
  readonly supportsLunaReserve: boolean;
}

/** Returns the name of the files of a key, without their extension. Another key may have the same one. */
export function nameOf({ accountId, userId, baseUrl, supportsLunaReserve }: SnapshotKey): string {
  return `limits-${shortHash(JSON.stringify([accountId, userId, baseUrl, supportsLunaReserve]))}`;
}

export function isSameKey(one: SnapshotKey, other: SnapshotKey): boolean {
  return (
    one.accountId === other.accountId &&
    one.userId === other.userId &&
    one.baseUrl === other.baseUrl &&
    one.supportsLunaReserve === other.supportsLunaReserve
  );
}
