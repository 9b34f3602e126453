// The long form of faults.test.ts, with a table: `npm run faults -- --count 10000 --seed 1`.
import { spawnSync } from 'node:child_process';
import { readOptions } from '../tools/read-options.mjs';

const values = readOptions('npm run faults -- [--count N] [--seed N]', {
  count: { type: 'string', default: '10000' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
});
console.log(`${values.count} attempts, seed ${values.seed}`);
const { status } = spawnSync(
  'npx',
  [
    'vitest',
    'run',
    '--config',
    'test/vitest.config.ts',
    '--disableConsoleIntercept=true',
    'test/faults/faults.test.ts',
  ],
  { stdio: 'inherit', env: { ...process.env, FAULTS_COUNT: values.count, FAULTS_SEED: values.seed } },
);
process.exit(status ?? 1);
