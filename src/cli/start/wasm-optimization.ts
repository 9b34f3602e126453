/**
 * How much of undici's HTTP parser V8 runs before it optimizes it, in its own unit, about the bytes of executed code. A
 * reply needs 7 million and more, so that V8 optimizes the parser after about a hundred replies. With its own budget, 1.8
 * million on node 20 and 13 million later, it does so during a poll, and that takes longer than the rest of the poll.
 */
const tieringBudget = 1_000_000_000;

/**
 * Has V8 optimize WebAssembly later. Call it before the first connection, and only in a process that does not save
 * compiled code: V8 compares its flags with those at the time of saving.
 */
export async function delayWasmOptimization(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString(`--wasm-tiering-budget=${tieringBudget}`);
}
