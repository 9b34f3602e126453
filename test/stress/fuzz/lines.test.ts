import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { runLines } from './run-lines.js';

const count = labNumber('lines', 3000) / 2;
const seed = labSeed();

/** The growth that is allowed for the heap and for open files. Each connection that is kept alive has a descriptor. */
const leeway = { bytes: 8 * 1024 * 1024, descriptors: 128 };

test.each(['lines', 'headers'] as const)(
  `every request with a usable id is answered once, and neither memory nor open files grow: %s (seed ${seed})`,
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
