// Runs alone in a network of its own: `node lost-network.mjs MAIN CODEX_HOME`. Reads the limits with the server at MAIN,
// takes the address of the backend away, and reads again. Writes the second answer.
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [main, home] = process.argv.slice(2);
const address = '10.99.0.1';
const inNetwork = (...words) => execFileSync('ip', words);

inNetwork('link', 'set', 'lo', 'up');
inNetwork('address', 'add', `${address}/32`, 'dev', 'lo');
const backend = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').setHeader('keep-alive', 'timeout=60');
  response.end(JSON.stringify({ plan_type: 'pro', rate_limit: null }));
});
await new Promise((resolve) => backend.listen(0, address, resolve));
writeFileSync(
  join(home, 'config.toml'),
  `chatgpt_base_url = "http://${address}:${backend.address().port}"\n`,
);

const server = spawn(process.execPath, [main, 'app-server'], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
async function ask(id, method, params) {
  server.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
  return (await lines.next()).value;
}

await ask(1, 'initialize', { clientInfo: { name: 'test', version: '1.0.0' } });
const usageOnly = { excludeResetCreditDetails: true };
await ask(2, 'account/rateLimits/read', usageOnly);
inNetwork('address', 'delete', `${address}/32`, 'dev', 'lo');
console.log(await ask(3, 'account/rateLimits/read', usageOnly));
server.stdin.end();
backend.close();
backend.closeAllConnections();
