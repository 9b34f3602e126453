import type { Reply } from '../../../src/dev-backend/http/exchange.js';
import type { Endpoint } from '../../../src/dev-backend/http/route.js';
import type { DevBackend } from '../../../src/dev-backend/server.js';

/** A complete request that waits for its reply. */
export interface HeldRequest {
  /** The parsed body; undefined if there is none. */
  readonly body: unknown;
  /** Sends 200 with this JSON, or the given status. */
  answer(json: unknown, status?: Reply['status']): void;
}

/** Holds all requests to the endpoint. Each call of the result resolves with the next request, in order of arrival. */
export function holdEndpoint(backend: DevBackend, endpoint: Endpoint): () => Promise<HeldRequest> {
  const arrived: HeldRequest[] = [];
  const waiting: ((request: HeldRequest) => void)[] = [];
  backend.script(endpoint, (request, response) => {
    const held: HeldRequest = {
      body: request.body === '' ? undefined : JSON.parse(request.body),
      answer(json, status = 200) {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      },
    };
    const resume = waiting.shift();
    if (resume) resume(held);
    else arrived.push(held);
    return 'handled';
  });
  return () => {
    const first = arrived.shift();
    return first ? Promise.resolve(first) : new Promise((resume) => waiting.push(resume));
  };
}
