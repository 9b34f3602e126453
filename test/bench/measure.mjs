// Measures a contestant: one number for each row and run.
import { nowMs, startMeasured } from './server-process.mjs';

/** Measures a client that polls once: start, initialize, one read, end. */
export async function measurePoll(contestant, measurer) {
  const server = startMeasured(contestant, measurer);
  const initializedMs = await server.initialize();
  const [readMs] = await server.reads();
  const { beganMs, endedMs, cpuMs, peakMib, exitMs } = await server.end();
  return {
    'spawn to initialize, ms': initializedMs - beganMs,
    'spawn to first read, ms': readMs - beganMs,
    'poll, wall ms': endedMs - beganMs,
    'poll, CPU ms': cpuMs,
    'poll, peak MiB': peakMib,
    'end of input to exit, ms': exitMs,
  };
}

/** Measures a client that stays connected: this many reads one after the other, then this many at once. */
export async function measureSession(contestant, measurer, { reads, pipelined }) {
  const server = startMeasured(contestant, measurer);
  await server.initialize();
  const warmUp = Math.ceil(reads / 6);
  const times = [];
  for (let count = 0; count < warmUp + reads; count += 1) {
    const sentMs = nowMs();
    const [atMs] = await server.reads();
    if (count >= warmUp) times.push(atMs - sentMs);
  }
  times.sort((one, other) => one - other);
  const sentMs = nowMs();
  const answeredMs = await server.reads(pipelined);
  const { cpuMs, peakMib } = await server.end();
  return {
    'warm read, median ms': times[Math.floor(times.length / 2)],
    'warm read, 99 % ms': times[Math.floor(times.length * 0.99)],
    [`${pipelined} reads at once, ms`]: Math.max(...answeredMs) - sentMs,
    'session, CPU ms': cpuMs,
    'session, peak MiB': peakMib,
  };
}
