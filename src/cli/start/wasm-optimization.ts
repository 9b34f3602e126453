/**
 * V8's budget for the functions of undici's HTTP parser: about the bytes of code that it executes before it optimizes
 * them. A reply takes 7 million and more, so this is enough for about a hundred. The default, 1.8 million on node 20 and 13
 * million later, is used up during a poll, which then costs up to three times as much.
 */
const tieringBudget = 1_000_000_000;

/**
 * Delays V8's optimization of WebAssembly. Call it before the first connection, and only in a process that does not save
 * compiled code: V8 compares its flags with those at the time of saving.
 */
export async function delayWasmOptimization(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString(`--wasm-tiering-budget=${tieringBudget}`);
}
