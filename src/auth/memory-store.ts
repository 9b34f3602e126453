import type { AuthStore, StoreContent } from './store.js';

const absent: StoreContent = { kind: 'absent' };

/** `ephemeral`: a login that ends with the process. */
export function createMemoryStore(): AuthStore {
  let content = absent;
  return {
    name: 'memory',
    read: () => Promise.resolve(content),
    prepare: () =>
      Promise.resolve({
        commit(text) {
          content = { kind: 'text', text };
          return Promise.resolve();
        },
        discard: () => undefined,
      }),
    remove() {
      const isThere = content !== absent;
      content = absent;
      return Promise.resolve(isThere);
    },
  };
}
