import type { DevBackend } from '../../../src/dev-backend/server.js';

/** Runs `act` when the issuer has the next request for a refresh. The issuer handles it when that is done. */
export function beforeReply(backend: DevBackend, act: () => Promise<void>): void {
  backend.script('token', ({ method, url, headers, body }, response) => {
    backend.script('token', undefined);
    const type = headers['content-type'] ?? '';
    void act()
      .then(() => fetch(`${backend.url}${url}`, { method, headers: { 'content-type': type }, body }))
      .then(async (reply) => response.writeHead(reply.status).end(await reply.text()));
    return 'handled';
  });
}
