import { expect, test } from 'vitest';
import { bash, main } from '../../../support/processes/bash.js';

const checker = 'python3 test/compat/schema/check_json.py';
const rule = 'blocked keep=1 min-gain=2h at-most=1/1d';
/** Stops once the credit is used. */
const redeem = `timeout -s TERM 30 ${main} redeem --when blocked --consent '${rule}' --json`;

test.each([
  [`${main} redeem --when blocked --dry-run --json`, 'RedeemDryRun', 3],
  [`${main} redeem --when 'tightest:3' --credit credit-1 --dry-run --json`, 'RedeemDryRun', 3],
  [`${main} redeem --rules --json`, 'RedeemRules', 0],
  [`${main} redeem --revoke --json`, 'RedeemRules', 3],
] as const)('the output of %s matches %s', async (line, schema, code) => {
  const piped = await bash(
    'at-limit',
    `{ ${line}; echo "code $?" >&2; } | ${checker} schema/json/${schema}.json`,
  );
  expect([piped.code, piped.stdout]).toEqual([0, '']);
  expect(piped.stderr).toMatch(new RegExp(`code ${code}\n$`));
});

test('the line about a redemption matches RedeemOutput', async () => {
  const { code, stdout } = await bash(
    'at-limit',
    `coproc rule { ${redeem}; }; read -r line <&"\${rule[0]}"; kill -TERM "$(pgrep -P "$rule_PID" timeout)" || true
     wait "$rule_PID"; echo "$line" | ${checker} schema/json/RedeemOutput.json && ${main} redeem --rules --json | ${checker} schema/json/RedeemRules.json`,
  );
  expect([code, stdout]).toEqual([0, '']);
});
