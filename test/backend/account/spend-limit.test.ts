import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { answerWithCodex } from '../../support/bare-answer.js';

const limit = { limit: '10', used: '4', remaining_percent: 60, reset_at: 9 };
const shown = { limit: '10', used: '4', remainingPercent: 60, resetsAt: 9 };

/** A spend control, and the spend limit and whether it is reached in the answer. */
test.each([
  ['without a limit', { reached: false, individual_limit: null }, null, false],
  ['that names no limit', { reached: false }, null, false],
  ['with a limit', { reached: false, individual_limit: limit }, shown, false],
  [
    'with a limit without an amount',
    { reached: false, individual_limit: { ...limit, used: {} } },
    null,
    null,
  ],
  ['with a limit that is text', { reached: false, individual_limit: 'much' }, null, null],
  ['with a limit that is a list', { reached: false, individual_limit: [] }, null, null],
  ['that is reached, with a limit that cannot be read', { reached: true, individual_limit: {} }, null, true],
  ['that does not say whether it is reached', { individual_limit: null }, null, null],
  ['that cannot be read', 'none', null, null],
  ['of null', null, null, null],
])('only false says that there is no limit: a spend control %s', (_what, control, individualLimit, reached) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: { plan_type: 'pro', spend_control: control } });
    expect(await read()).toEqual(
      answerWithCodex({ planType: 'pro', individualLimit, spendControlReached: reached }),
    );
  }),
);
