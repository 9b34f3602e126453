/**
 * Stops node 20 from optimizing WebAssembly, which is undici's HTTP parser: 90 ms of CPU time to read two replies.
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
