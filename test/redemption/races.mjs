// The long form of races.test.ts, with its figures: `npm run redemption-races -- --rounds 200`.
import { parseArgs } from 'node:util';
import { runTestFile } from '../tools/run-test-file.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' } } });
process.exit(runTestFile('test/redemption/races.test.ts', { REDEMPTION_RACES: values.rounds }));
