import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RedemptionConsent } from '../../../src/client/record/consent.js';
import { giveConsent, revokeConsents } from '../../../src/client/redemption/consents.js';
import { listConsents } from '../../../src/client/redemption/journal.js';
import { systemClock } from '../../../src/util/clock.js';
import { neverAborted } from '../../../src/util/never-aborted.js';
import { attempt, type RedeemFixture, withRedeemers } from './fixture.js';
import { shownMode } from '../../support/files/shown-mode.js';

const account = { accountId: 'account-dev', userId: 'user-dev' };
const rule = 'blocked keep=1 min-gain=2h at-most=1/1d';

function optionsOf({ codexHome, clock }: RedeemFixture) {
  // The limit of the wait for the lock is as long as a pause that this clock leaps over.
  const own = { ...clock, after: systemClock.after };
  return { codexHome, clock: own, random: () => 0.5, searchPath: process.env.PATH, signal: neverAborted };
}

function give(fixture: RedeemFixture, given: Partial<RedemptionConsent> = {}): Promise<RedemptionConsent> {
  return giveConsent(optionsOf(fixture), { account, rule, source: 'terminal', ...given });
}

test('a consent is added to a journal of an older format, with its attempts', () =>
  withRedeemers('fresh', async (fixture) => {
    const earlier = attempt(fixture.clock, { state: 'verified' });
    fixture.writeJournal([earlier]);
    const given = await give(fixture);
    expect(given).toEqual({
      id: 1,
      ...{ account, rule, source: 'terminal' },
      givenAtMs: fixture.clock.nowMs(),
      revokedAtMs: null,
    });
    expect(JSON.parse(readFileSync(fixture.journalPath, 'utf8'))).toEqual({
      version: 4,
      sequence: 2,
      redemptions: [earlier],
      consents: [given],
    });
    expect(statSync(fixture.journalPath).mode & 0o777).toBe(shownMode(0o600));
  }));

test('a redemption keeps the consents, and a journal without any stays in format 3', () =>
  withRedeemers('at-limit', async (fixture) => {
    await fixture.newClient().redeem();
    expect(fixture.journalDocument()).toMatchObject({ version: 3 });
    const given = await give(fixture);
    await fixture
      .newClient()
      .redeem({ force: true })
      .catch(() => undefined);
    expect(listConsents(fixture.codexHome)).toEqual([given]);
  }));

test('the same consent is not recorded twice, and counts again after a revocation', () =>
  withRedeemers('fresh', async (fixture) => {
    const first = await give(fixture);
    expect(await give(fixture, { source: 'option' })).toEqual(first);
    expect(await revokeConsents(optionsOf(fixture), first.id)).toEqual([
      { ...first, revokedAtMs: fixture.clock.nowMs() },
    ]);
    expect((await give(fixture)).id).toBe(2);
    expect(await revokeConsents(optionsOf(fixture), 1)).toEqual([]);
  }));

test('old consents that were revoked are dropped, those in force are not', () =>
  withRedeemers('fresh', async (fixture) => {
    const usual = { account, source: 'terminal', givenAtMs: 1, revokedAtMs: 2 };
    const consents = Array.from({ length: 60 }, (_, index) => ({
      id: index + 1,
      rule: `rule ${index}`,
      ...usual,
    }));
    const [first, ...others] = consents.map((each, index) =>
      index === 0 ? { ...each, revokedAtMs: null } : each,
    );
    fixture.writeJournal(
      JSON.stringify({ version: 4, sequence: 1, redemptions: [], consents: [first, ...others] }),
    );
    const { id } = await give(fixture);
    const ids = listConsents(fixture.codexHome).map((each) => each.id);
    expect([ids.length, ids[0], ids[1], ids.at(-1)]).toEqual([51, 1, 12, id]);
  }));
