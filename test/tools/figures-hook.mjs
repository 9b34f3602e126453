// Loaded into a server (`node --expose-gc --import …`): on SIGUSR2 it writes its memory and open files to stderr.
import { readdirSync, writeSync } from 'node:fs';

process.on('SIGUSR2', async () => {
  // Memory that finalizers release is freed by the second collection.
  globalThis.gc();
  await new Promise((resume) => setImmediate(resume));
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const descriptors = readdirSync('/dev/fd').length;
  writeSync(2, `figures ${JSON.stringify({ heapBytes: heapUsed + external, rssBytes: rss, descriptors })}\n`);
});
