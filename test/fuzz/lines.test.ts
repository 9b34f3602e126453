import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../support/lab-options.js';
import { runLines } from './run-lines.js';

const count = labNumber('lines', 3000) / 2;
const seed = labSeed();

/** Of the heap after everything is let go, and of open files. */
/** Of descriptors as many as there may be connections that are kept alive. */
const leeway = { bytes: 8 * 1024 * 1024, descriptors: 128 };

test.each(['lines', 'headers'] as const)(
  `every request with a usable id is answered once, whatever is sent, and nothing piles up: %s (seed ${seed})`,
  async (framing) => {
    const { violation, early, late, ...figures } = await runLines({ framing, count, seed });
    if (isLab) {
      console.log(JSON.stringify({ framing, seed, ...figures, early, late }));
    }
    expect(violation).toBeUndefined();
    expect(late!.heapBytes - early!.heapBytes).toBeLessThan(leeway.bytes);
    expect(late!.descriptors - early!.descriptors).toBeLessThan(leeway.descriptors);
  },
  14_400_000,
);
