// Loaded into a server (`node --expose-gc --import …`): SIGUSR2 makes it write to stderr what it holds.
import { readdirSync, writeSync } from 'node:fs';

process.on('SIGUSR2', async () => {
  // What finalizers let go of falls with the second.
  globalThis.gc();
  await new Promise((resume) => setImmediate(resume));
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const descriptors = readdirSync('/dev/fd').length;
  writeSync(2, `figures ${JSON.stringify({ heapBytes: heapUsed + external, rssBytes: rss, descriptors })}\n`);
});
