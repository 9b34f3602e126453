import { writeFileSync } from 'node:fs';
import { beginFamily, type TokenLedger } from '../../../src/dev-backend/issuer/token-ledger.js';
import { storedLogin } from './stored-login.js';

/** When a process ended: before the request to the issuer, between it and the save, or after the save. */
export type Moment = 'unsent' | 'unsaved' | 'saved';

const lifetimes = { accessTokenMs: 3_600_000, refreshTokenMs: Infinity };

/** Compares auth.json with the tokens of the issuer. @param before the refresh token in auth.json before */
export function stateAfterKill(
  ledger: TokenLedger,
  authPath: string,
  before: string,
): { moment: Moment; problems: string[] } {
  const problems: string[] = [];
  const { extra, tokens } = storedLogin(authPath);
  if (extra !== 'kept' || tokens.extra !== 'kept') problems.push('an unknown field is gone');
  const stored = tokens.refresh_token;
  const issued = [...ledger.refreshTokens.keys()];
  const newest = issued.at(-1);
  if (stored === newest) return { moment: stored === before ? 'unsent' : 'saved', problems };
  if (stored !== before || stored !== issued.at(-2)) problems.push('the file holds an older token');
  return { moment: 'unsaved', problems };
}

/** Signs in again, because the token of a refresh that was not saved is lost. */
export function storeNewLogin(ledger: TokenLedger, authPath: string): void {
  const document = storedLogin(authPath);
  const tokens = { ...document.tokens, ...beginFamily(ledger, lifetimes, Date.now()) };
  writeFileSync(authPath, JSON.stringify({ ...document, tokens }));
}
