import { spawnSync } from 'node:child_process';

/** Runs one test file with these variables, showing what it prints; returns the exit code. */
export function runTestFile(path, variables) {
  const { status } = spawnSync(
    'npx',
    ['vitest', 'run', '--config', 'test/vitest.config.ts', '--disableConsoleIntercept=true', path],
    { stdio: 'inherit', env: { ...process.env, ...variables } },
  );
  return status ?? 1;
}
