// The long form of soak.test.ts, with its figures: `npm run soak -- --reads 100000 --logins 1000`.
import { readOptions } from '../tools/read-options.mjs';
import { runTestFile } from '../tools/run-test-file.mjs';

const values = readOptions('npm run soak -- [--reads N] [--logins N]', {
  reads: { type: 'string', default: '100000' },
  logins: { type: 'string', default: '1000' },
});
process.exit(runTestFile('test/soak/soak.test.ts', { SOAK_READS: values.reads, SOAK_LOGINS: values.logins }));
