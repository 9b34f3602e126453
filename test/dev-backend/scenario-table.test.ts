import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ScenarioName, scenarioNames } from '../../src/dev-backend/account/scenarios.js';
import { withAccount } from '../support/account-fixture.js';

// The page says what a client gets in each scenario.

const page = readFileSync('src/dev-backend/README.md', 'utf8');
const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\| (.+?) +\| (.+?) +\|$/gm)].map(
  ([, name, , read, redeem]) => ({ name: name as ScenarioName, read, redeem }),
);

test('the table has every scenario', () => {
  expect(rows.map(({ name }) => name)).toEqual(scenarioNames);
});

test.each(rows)('$name: a read gets $read, a redemption $redeem', ({ name, read, redeem }) =>
  withAccount({ scenario: name, hasIssuer: true }, async ({ call }) => {
    const limits = await call('account/rateLimits/read', {});
    const consumed = await call('account/rateLimitResetCredit/consume', { idempotencyKey: 'key-1' });
    expect({ read: told(limits), redeem: told(consumed) }).toEqual({ read, redeem });
  }),
);

function told(answer: Record<string, unknown>): string {
  const { result, error } = answer as {
    result?: { ordinaryUsageAllowed?: boolean | null; outcome?: string };
    error?: { data?: { kind?: string } };
  };
  if (error) return `\`${error.data?.kind ?? ''}\``;
  if (result?.outcome !== undefined) return `\`${result.outcome}\``;
  return String(result?.ordinaryUsageAllowed);
}
