// A process that reads with the library until its input ends. It writes each answer to stdout, as a line of JSON.
const [library, maxAgeMs] = process.argv.slice(2);
const { createClient } = await import(library);

const client = createClient({ clientInfo: { name: 'reading', version: '1.0.0' }, maxRetries: 0 });
let hasEnded = false;
process.stdin.on('end', () => (hasEnded = true)).resume();
while (!hasEnded) {
  const askedAtMs = Date.now();
  const line = await client.readRateLimits({ maxAgeMs: Number(maxAgeMs) }).then(
    ({ readAt, rateLimits }) => ({ askedAtMs, readAt, usedPercent: rateLimits.primary.usedPercent }),
    ({ kind }) => ({ askedAtMs, kind }),
  );
  process.stdout.write(`${JSON.stringify(line)}\n`);
  await new Promise((resume) => setTimeout(resume, 200));
}
await client.close();
