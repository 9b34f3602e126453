// The long form of rounds.test.ts, with its figures: `npm run refresh-rounds -- --rounds 200`.
import { readOptions } from '../tools/read-options.mjs';
import { runTestFile } from '../tools/run-test-file.mjs';

const values = readOptions('npm run refresh-rounds -- [--rounds N]', {
  rounds: { type: 'string', default: '200' },
});
process.exit(runTestFile('test/refresh/rounds.test.ts', { REFRESH_ROUNDS: values.rounds }));
