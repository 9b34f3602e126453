// The long form of kills.test.ts, with its figures: `npm run refresh-kills -- --kills 500 --seed 1`.
import { readOptions } from '../tools/read-options.mjs';
import { runTestFile } from '../tools/run-test-file.mjs';

const values = readOptions('npm run refresh-kills -- [--kills N] [--seed N]', {
  kills: { type: 'string', default: '500' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
});
process.exit(
  runTestFile('test/refresh/kills.test.ts', { REFRESH_KILLS: values.kills, REFRESH_SEED: values.seed }),
);
