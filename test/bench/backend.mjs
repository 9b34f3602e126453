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

/** Headers as a service behind Cloudflare sends them. Their number and length decide what parsing costs. */
function headersOfService() {
  return [
    'date: Sat, 01 Dec 2029 00:00:00 GMT',
    'server: cloudflare',
    'cf-ray: 0123456789abcdef-FRA',
    'cf-cache-status: DYNAMIC',
    'cache-control: private, no-store',
    'vary: Accept-Encoding, Origin',
    'x-request-id: 01234567-89ab-4cde-8f01-23456789abcd',
    'x-envoy-upstream-service-time: 42',
    'x-content-type-options: nosniff',
    'referrer-policy: strict-origin-when-cross-origin',
    'cross-origin-opener-policy: same-origin-allow-popups',
    'strict-transport-security: max-age=31536000; includeSubDomains; preload',
    `content-security-policy: default-src 'self'; script-src 'self' 'nonce-${'0'.repeat(32)}'; ${'a'.repeat(300)}`,
    `set-cookie: __cf_bm=${'b'.repeat(150)}; path=/; domain=.example.com; HttpOnly; Secure; SameSite=None`,
    `set-cookie: _cfuvid=${'c'.repeat(70)}; path=/; domain=.example.com; HttpOnly; Secure; SameSite=None`,
    'alt-svc: h3=":443"; ma=86400',
  ];
}

function reply(status, body) {
  const json = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status}`,
    ...headersOfService(),
    'content-type: application/json',
    `content-length: ${json.length}`,
  ];
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
