/**
 * Returns a hash of a text as 16 hexadecimal digits: FNV-1a with 64 bits. It is not meant to be secure: a digest of
 * node:crypto takes milliseconds to load.
 */
export function shortHash(text: string): string {
  let state = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text, 'utf8')) {
    state = BigInt.asUintN(64, (state ^ BigInt(byte)) * 0x100000001b3n);
  }
  return state.toString(16).padStart(16, '0');
}
