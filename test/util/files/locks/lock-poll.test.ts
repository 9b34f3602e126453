import { expect, test } from 'vitest';
import { untilLocked } from '../../../../src/util/files/locks/lock-poll.js';

/** Fails with each of the codes in turn, then returns `locked`. */
function failing(...codes: string[]): () => string {
  return () => {
    const code = codes.shift();
    if (code === undefined) return 'locked';
    throw Object.assign(new Error(code), { code });
  };
}

test('a lock that another program holds is tried again', async () => {
  expect(await untilLocked(failing('EAGAIN', 'EAGAIN'), undefined)).toBe('locked');
});

test.each([
  ['ENOTSUP', []],
  ['ENOLCK', []],
  ['EISDIR', ['EISDIR']],
])('%s is the reason of a file system without locks', async (code, others) => {
  expect(await untilLocked(failing(code), undefined, others)).toEqual({
    reason: `the file system cannot lock files (${code})`,
    isTransient: false,
  });
});

// A folder, or a pipe, that is opened and locked in one call.
test.each(['EISDIR', 'EINVAL', 'EACCES'])('%s of the file itself is an error', async (code) => {
  await expect(untilLocked(failing(code), undefined)).rejects.toMatchObject({ code });
});

test('an abort ends the wait with its reason', async () => {
  const aborting = new AbortController();
  const locking = untilLocked(() => {
    aborting.abort(new Error('enough'));
    throw Object.assign(new Error(), { code: 'EAGAIN' });
  }, aborting.signal);
  await expect(locking).rejects.toThrow('enough');
});
