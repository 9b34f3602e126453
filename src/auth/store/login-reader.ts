import type { Clock } from '../../util/clock.js';
import type { Log } from '../../util/log.js';
import { loginFromAuthFile } from '../auth-file.js';
import type { StoredLogin } from '../credentials.js';
import type { AuthStore, StoreContent } from './store.js';

/** The login in a store. */
export interface StoredState {
  readonly content: StoreContent;
  /** The text that `login` was read from. It is older than the content if that is torn. */
  readonly text: string | undefined;
  readonly login: StoredLogin | { readonly kind: 'none' };
  /** Whether this process has stored it. */
  readonly isOwn: boolean;
}

export interface StoredLoginReader {
  read(store: AuthStore): Promise<StoredState>;
  /**
   * Call before this process stores a text, so that the text counts as its own once it is read; undefined: the login is
   * removed.
   */
  expectOwn(text: string | undefined): void;
}

/** Another program may be writing auth.json: if it is broken, it is read again this often, after this pause (D8). */
const rereads = 4;
const rereadPauseMs = 25;

/** Reads the login in a store. While the content is torn, the login that was read before stays in use (D15). */
export function createStoredLoginReader(options: { clock: Clock; log: Log }): StoredLoginReader {
  const { clock, log } = options;
  const known = new Map<AuthStore, StoredState>();
  let own: { readonly text: string | undefined; isSeen: boolean } | undefined;

  /** Returns whether this process stored the content, and has read no other one since. */
  function isOwn(content: StoreContent): boolean {
    if (!own) return false;
    const isSame = content.kind !== 'unusable' && own.text === textOf(content);
    if (isSame) own.isSeen = true;
    else if (own.isSeen) own = undefined;
    return isSame;
  }

  async function readSettled(store: AuthStore): Promise<StoredState> {
    for (let attempt = 0; ; attempt += 1) {
      const content = await store.read();
      const before = known.get(store);
      const isOwnContent = isOwn(content);
      if (content === before?.content) return before;
      const state = { ...stateOf(content), isOwn: isOwnContent };
      if (!isMaybeTorn(state) || attempt === rereads) return state;
      await new Promise<void>((resolve) => {
        clock.after(rereadPauseMs, resolve);
      });
    }
  }

  return {
    expectOwn(text) {
      own = { text, isSeen: false };
    },
    async read(store) {
      const state = await readSettled(store);
      const before = known.get(store);
      if (state.content === before?.content) return before;
      const { login, content } = state;
      if (login.kind === 'invalid') log.error(`cannot use ${store.name}: ${login.reason}`);
      const isTorn = login.kind === 'invalid' && login.isTorn === true;
      const now = isTorn && before ? { ...before, content } : state;
      known.set(store, now);
      return now;
    },
  };
}

/**
 * Returns whether the login may be half written. A keyring that cannot be used is not about to be written, and to ask
 * it again may ask the user again.
 */
function isMaybeTorn({ content, login }: Pick<StoredState, 'content' | 'login'>): boolean {
  const isUnavailable = content.kind === 'unusable' && content.errorKind === 'authStoreUnavailable';
  return login.kind === 'invalid' && !isUnavailable;
}

function textOf(content: StoreContent): string | undefined {
  return content.kind === 'text' ? content.text : undefined;
}

function stateOf(content: StoreContent): Omit<StoredState, 'isOwn'> {
  switch (content.kind) {
    case 'text':
      return { content, text: content.text, login: loginFromAuthFile(content.text) };
    case 'absent':
      return { content, text: undefined, login: { kind: 'none' } };
    case 'unusable':
      return { content, text: undefined, login: { ...content, kind: 'invalid' } };
  }
}
