// The long form of this folder's tests, with figures: `npm run fuzz -- --lines 1000000 --replies 100000 --seed 1`.
import { readOptions } from '../tools/read-options.mjs';
import { runTestFile } from '../tools/run-test-file.mjs';

const values = readOptions('npm run fuzz -- [--lines N] [--replies N] [--seed N]', {
  lines: { type: 'string', default: '1000000' },
  replies: { type: 'string', default: '100000' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
});
process.exit(
  runTestFile('test/fuzz', {
    FUZZ_LINES: values.lines,
    FUZZ_REPLIES: values.replies,
    FUZZ_SEED: values.seed,
  }),
);
