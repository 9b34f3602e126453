import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from optimising WebAssembly, which is undici's parser alone. Node 20 begins that with the first answer, in the
 * background: 120 ms of CPU time and 36 MiB for a parser that reads two answers, and the process cannot exit before
 * it is done. Later versions wait until it pays. Call it once the scripts are loaded: V8 refuses cached code that was
 * made under other flags.
 *
 * @returns undoes it, so that code can be kept for the next process
 */
export function stopWasmTiering(nodeVersion: string): () => void {
  if (!nodeVersion.startsWith('v20.')) return () => undefined;
  setFlagsFromString('--wasm-tiering-budget=1000000000');
  return () => setFlagsFromString(`--wasm-tiering-budget=${node20Budget}`);
}

/** V8's own in node 20; with it the flags count as those of the start again. */
const node20Budget = 1_800_000;
