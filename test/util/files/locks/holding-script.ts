import { builtModule } from '../../../support/processes/script-process.js';

/**
 * Returns a script that holds the lock at its argument until a line arrives on stdin.
 *
 * @param begin statements that run first
 */
export function holdingScript(begin = ''): string {
  return `
  import { once } from 'node:events';
  import { createFileLocks } from '${builtModule('util/files/locks/file-lock.js')}';
  ${begin}
  const locks = createFileLocks({ log: { warn: console.error }, searchPath: process.env.PATH });
  await locks.hold([process.argv[1]], async () => {
    console.log('held');
    await once(process.stdin, 'data');
    process.stdin.destroy();
  });
  console.log('released');
`;
}
