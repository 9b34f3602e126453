// Loaded into a server (`node --expose-gc --import …`): on a message it writes its memory and open files to stderr.
import { readdirSync, writeSync } from 'node:fs';

const isWindows = process.platform === 'win32';

process.on('message', async () => {
  // Memory that finalizers release is freed by the second collection.
  globalThis.gc();
  await new Promise((resume) => setImmediate(resume));
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const descriptors = isWindows ? process.getActiveResourcesInfo().length : readdirSync('/dev/fd').length;
  writeSync(2, `figures ${JSON.stringify({ heapBytes: heapUsed + external, rssBytes: rss, descriptors })}\n`);
});

// The server ends without waiting for more messages.
process.channel.unref();
