/**
 * Finds a small part of `items`, in their order, that fails as all of them do. Undefined if all of them do not fail
 * when they are tried again.
 */
export async function shrunk<T>(
  items: readonly T[],
  isFailing: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | undefined> {
  if (!(await isFailing(items))) return undefined;
  let left = items;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < left.length;) {
      const candidate = [...left.slice(0, start), ...left.slice(start + size)];
      if (candidate.length > 0 && (await isFailing(candidate))) left = candidate;
      else start += size;
    }
  }
  return left;
}
