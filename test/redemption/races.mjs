// The long form of races.test.ts, with its figures: `npm run redemption-races -- --rounds 200`.
import { readOptions } from '../tools/read-options.mjs';
import { runTestFile } from '../tools/run-test-file.mjs';

const values = readOptions('npm run redemption-races -- [--rounds N]', {
  rounds: { type: 'string', default: '200' },
});
process.exit(runTestFile('test/redemption/races.test.ts', { REDEMPTION_RACES: values.rounds }));
