// The long form of kills.test.ts, with its figures: `npm run redemption-kills -- --count 1000 --seed 1`.
import { readOptions } from '../tools/read-options.mjs';
import { runTestFile } from '../tools/run-test-file.mjs';

const values = readOptions('npm run redemption-kills -- [--count N] [--seed N]', {
  count: { type: 'string', default: '1000' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
});
process.exit(
  runTestFile('test/redemption/kills.test.ts', {
    REDEMPTION_KILLS: values.count,
    REDEMPTION_SEED: values.seed,
  }),
);
