import type { RenewedTokens } from '../../backend/issuer/tokens.js';
import { loginFromAuthFile } from '../auth-file.js';
import { type ChatgptTokens, isLoginOf } from '../credentials.js';
import { refreshedDocument } from '../store/auth-document.js';
import type { StoredState } from '../store/login-reader.js';
import type { AuthStore } from '../store/store.js';

/** Tokens that the issuer has sent. Those that they renew cannot be refreshed again. */
export interface Renewal {
  readonly store: AuthStore;
  /** The content of the store when they were sent. */
  readonly base: StoredState;
  /** The tokens that they renew. */
  readonly from: ChatgptTokens;
  readonly renewed: RenewedTokens;
  readonly dropsProvenance: boolean;
  readonly nowMs: number;
}

/** Returns the text of the store with the new tokens; undefined if it does not hold the old ones. */
export function renewedText(renewal: Renewal, { login, text }: StoredState): string | undefined {
  if (text === undefined || !isLoginOf(renewal.from, login)) return undefined;
  return refreshedDocument({ ...renewal, text });
}

/** Creates a view of the store in which new tokens count as stored while the store still holds the old ones. */
export function createRenewalView(renewal: Renewal): (state: StoredState) => StoredState {
  let seen = renewal.base;
  let shown = shownFor(seen);

  function shownFor(state: StoredState): StoredState {
    const text = renewedText(renewal, state);
    return text === undefined ? state : { ...state, text, login: loginFromAuthFile(text), isOwn: true };
  }

  return (state) => {
    if (state === seen) return shown;
    // A store that cannot be read says nothing about other tokens.
    if (state.content.kind === 'unusable') return { ...shown, content: state.content };
    seen = state;
    shown = shownFor(state);
    return shown;
  };
}
