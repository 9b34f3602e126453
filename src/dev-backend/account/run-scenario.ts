import type { Clock } from '../../util/clock.js';
import type { Issuer } from '../issuer/issuer.js';
import { endAccessTokens, revokeAll } from '../issuer/token-ledger.js';
import type { Identity } from '../identity.js';
import { type Account, reopenAccount } from './account.js';
import { type Scenario, type ScenarioName, scenarios } from './scenarios.js';

/** The scenario of a backend, which can be changed while it runs. */
export interface RunningScenario {
  readonly name: ScenarioName;
  readonly scenario: Scenario;
  /** Whether the account endpoints accept only valid access tokens. */
  readonly checksTokens: boolean;
  /** Puts the accounts and the logins into the state in which a scenario starts. */
  change(name: ScenarioName): void;
  /** Cancels what the scenario would still do. */
  end(): void;
}

export interface ScenarioParts {
  readonly accounts: readonly [Account, ...Account[]];
  readonly issuer: Issuer;
  readonly clock: Clock;
  /** Undefined if the scenario decides. */
  readonly checksTokens: boolean | undefined;
  readonly onScenarioChange: ((name: ScenarioName) => void) | undefined;
}

/** Returns the identity that the tokens name in a scenario. */
export function identityIn({ plan }: Scenario, identity: Identity): Identity {
  return { ...identity, plan: plan ?? identity.plan };
}

/** Starts the scenario of new accounts. */
export function runScenario(name: ScenarioName, parts: ScenarioParts): RunningScenario {
  const { accounts, issuer, clock } = parts;
  let current = name;
  let cancel = (): void => undefined;
  if (scenarios[name].isLoginRevoked) revokeAll(issuer.ledger);
  return {
    get name() {
      return current;
    },
    get scenario() {
      return scenarios[current];
    },
    get checksTokens() {
      const { loginExpiresAfterMs, isLoginRevoked = false } = scenarios[current];
      return parts.checksTokens ?? (loginExpiresAfterMs !== undefined || isLoginRevoked);
    },
    change(next) {
      cancel();
      current = next;
      const { loginExpiresAfterMs, isLoginRevoked } = scenarios[next];
      for (const account of accounts) reopenAccount(account, scenarios[next], clock.nowMs());
      issuer.ledger.identity = identityIn(scenarios[next], accounts[0].identity);
      if (isLoginRevoked) revokeAll(issuer.ledger);
      if (loginExpiresAfterMs !== undefined) {
        // The access tokens that are in use now have a later expiry.
        cancel = clock.after(loginExpiresAfterMs, () => endAccessTokens(issuer.ledger));
      }
      parts.onScenarioChange?.(next);
    },
    end: () => cancel(),
  };
}
