import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedemptionConsent } from '../../../../src/client/record/consent.js';
import { devIdentity, type Identity } from '../../../../src/dev-backend/identity.js';
import { createAccessToken, createIdToken } from '../../../../src/dev-backend/issuer/login-tokens.js';
import { chatgptLogin } from '../../../support/auth-file.js';
import { type Clock, systemClock } from '../../../../src/util/clock.js';
import { type RedeemCommandFixture, type RedeemDialog, withRedeem } from '../fixture.js';

export const blockedText = 'blocked keep=1 min-gain=2h at-most=1/1d';
export const agreed = ['--when', 'blocked', '--consent', blockedText] as const;

export interface RuleFixture extends RedeemCommandFixture {
  /** Starts a rule, and resolves once it waits for the next read, or has ended. */
  follow(...args: string[]): Promise<RedeemDialog>;
  /** Lets it read again, as after a sleep of the machine for this time. */
  lookAgain(followed: RedeemDialog, shown: RegExp, sleptMs?: number): Promise<void>;
  consents(): RedemptionConsent[];
  /** Makes the backend report this use of the five hours, which reset after that many minutes. */
  showUse(usedPercent: number, resetsInMins: number, change?: object): void;
  signIn(user: Identity): void;
}

const farFutureMs = Date.parse('2100-01-01');

/** Timers at least this long run only when a test says so. */
const longMs = 10_000;
const verifyPausesMs = [1_000, 2_000, 4_000, 8_000];

/** Calls `act` with a clock that stands still between the reads of a rule. */
export function withRule(
  options: Omit<Parameters<typeof withRedeem>[0], 'clock'>,
  act: (fixture: RuleFixture) => Promise<void>,
): Promise<void> {
  let sleptMs = 0;
  const long = new Set<() => void>();
  let noteLong = (): void => undefined;
  const clock: Clock = {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + sleptMs,
    after(delayMs, callback) {
      if (delayMs < longMs)
        return systemClock.after(verifyPausesMs.includes(delayMs) ? 0 : delayMs, callback);
      const timer = (): void => callback();
      long.add(timer);
      noteLong();
      return () => void long.delete(timer);
    },
  };
  const started: RedeemDialog[] = [];
  return withRedeem({ ...options, clock }, async (fixture) => {
    const startDialog: RuleFixture['startDialog'] = (...given) => {
      const dialog = fixture.startDialog(...given);
      started.push(dialog);
      return dialog;
    };
    const ruled: RuleFixture = {
      ...fixture,
      signIn: (user) =>
        writeFileSync(
          join(fixture.home, 'auth.json'),
          JSON.stringify(
            chatgptLogin({
              id_token: createIdToken(farFutureMs, user),
              access_token: createAccessToken('other-login', farFutureMs, user),
              account_id: user.accountId,
            }),
          ),
        ),
      startDialog,
      async follow(...args) {
        const followed = startDialog(args);
        const shown = Promise.all([
          followed.stderr.until(/is in force/),
          Promise.race([
            followed.stderr.until(/Waiting|Not redeemed|^(?!Rule).*\n/m),
            followed.stdout.until(/\n/),
          ]),
        ]);
        await Promise.race([shown, followed.exitCode]);
        return followed;
      },
      async lookAgain(followed, shown, ms = 120_000) {
        // After the last output comes the pause, and no request.
        while (long.size === 0) await new Promise<void>((resolve) => (noteLong = resolve));
        sleptMs += ms;
        for (const timer of [...long]) {
          long.delete(timer);
          timer();
        }
        await Promise.race([followed.stdout.until(shown), followed.stderr.until(shown)]);
      },
      consents() {
        const text = readFileSync(join(fixture.home, 'account-server/redemptions.json'), 'utf8');
        return (JSON.parse(text) as { consents?: RedemptionConsent[] }).consents ?? [];
      },
      showUse(usedPercent, resetsInMins, change = {}) {
        fixture.backend.script('usage', {
          body: {
            account_id: devIdentity.accountId,
            user_id: devIdentity.userId,
            plan_type: 'pro',
            rate_limit: {
              allowed: usedPercent < 100,
              primary_window: {
                used_percent: usedPercent,
                limit_window_seconds: 18_000,
                reset_at: Math.floor(clock.nowMs() / 1000) + resetsInMins * 60,
              },
            },
            rate_limit_reset_credits: { available_count: 2 },
            rate_limit_reached_type: usedPercent < 100 ? null : { type: 'rate_limit_reached' },
            ...change,
          },
        });
      },
    };
    try {
      await act(ruled);
    } finally {
      for (const each of started) each.stop();
    }
  });
}

/** Writes a journal with these consents. */
export function writeConsents(
  { home }: { home: string },
  consents: readonly (Partial<RedemptionConsent> | { readonly account: object })[],
): void {
  const usual = {
    id: 1,
    account: { accountId: 'account-dev', userId: 'user-dev' },
    rule: blockedText,
    source: 'terminal',
    givenAtMs: 1_000,
    revokedAtMs: null,
  };
  const text = JSON.stringify({
    version: 4,
    sequence: 1,
    redemptions: [],
    consents: consents.map((each) => ({ ...usual, ...each })),
  });
  writeFileSync(join(home, 'account-server/redemptions.json'), text);
}
