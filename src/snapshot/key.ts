/** The login and backend that limits were read with. Reads with the same key have the same answer. */
export interface SnapshotKey {
  readonly accountId: string;
  readonly userId: string;
  readonly baseUrl: string;
  readonly supportsLunaReserve: boolean;
}

/** Returns the name of the files of a key, without their extension. Another key may have the same one. */
export function nameOf({ accountId, userId, baseUrl, supportsLunaReserve }: SnapshotKey): string {
  return `limits-${hash(JSON.stringify([accountId, userId, baseUrl, supportsLunaReserve]))}`;
}

export function isSameKey(one: SnapshotKey, other: SnapshotKey): boolean {
  return (
    one.accountId === other.accountId &&
    one.userId === other.userId &&
    one.baseUrl === other.baseUrl &&
    one.supportsLunaReserve === other.supportsLunaReserve
  );
}

/** FNV-1a with 64 bits. It is not meant to be secure: a digest of node:crypto takes milliseconds to load. */
function hash(text: string): string {
  let state = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text, 'utf8')) {
    state = BigInt.asUintN(64, (state ^ BigInt(byte)) * 0x100000001b3n);
  }
  return state.toString(16).padStart(16, '0');
}
