// The backend of the benchmark: fixed responses at the lowest cost, in its own process so that its work does not count.
//   node backend.mjs [<folder with key.pem and cert.pem>]   prints its port; ends with its stdin.
// Prints the number of requests so far for each line of its stdin.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { resetCredits, usage } from './bodies.mjs';

const [folder] = process.argv.slice(2);
const replies = new Map([
  ['/api/codex/usage', reply('200 OK', usage)],
  ['/api/codex/rate-limit-reset-credits', reply('200 OK', resetCredits)],
]);
const unknown = reply('404 Not Found', {});
let requestCount = 0;

function reply(status, body) {
  const json = JSON.stringify(body);
  const head = [`HTTP/1.1 ${status}`, 'content-type: application/json', `content-length: ${json.length}`];
  return `${head.join('\r\n')}\r\n\r\n${json}`;
}

/** All requests are GETs, so each ends with its head. */
function serve(socket) {
  let unread = '';
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  socket.on('data', (bytes) => {
    const heads = (unread + bytes.toString('latin1')).split('\r\n\r\n');
    unread = heads.pop();
    requestCount += heads.length;
    const texts = heads.map((head) => replies.get(head.split(' ', 2)[1]) ?? unknown);
    if (texts.length > 0) socket.write(texts.join(''));
  });
}

const pem = (name) => fs.readFileSync(path.join(folder, name));
const server = folder
  ? tls.createServer({ key: pem('key.pem'), cert: pem('cert.pem') }, serve)
  : net.createServer(serve);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`${server.address().port}\n`);
});
process.stdin.on('data', () => process.stdout.write(`${requestCount}\n`)).on('end', () => process.exit(0));
