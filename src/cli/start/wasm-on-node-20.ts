/**
 * Stops node 20 from optimizing WebAssembly. For undici's HTTP parser that takes about 90 ms of CPU time in a poll.
 * Later versions of node do not optimize it so early, so the function does nothing there.
 *
 * Call it before the first connection, and only in a process that does not save compiled code: V8 compares its flags
 * with those at the time of saving.
 */
export async function skipWasmOptimization(): Promise<void> {
  if (!process.version.startsWith('v20.')) return;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--liftoff-only');
}
