import type { Reply } from '../../src/dev-backend/exchange.js';
import type { Endpoint } from '../../src/dev-backend/route.js';
import type { DevBackend } from '../../src/dev-backend/server.js';

/** A request that has arrived as a whole and waits for its answer. */
export interface HeldRequest {
  /** The parsed body; undefined where there is none. */
  readonly body: unknown;
  /** Sends 200 with this JSON, or the given status. */
  answer(json: unknown, status?: Reply['status']): void;
}

/** From now on the endpoint answers only when told; each call resolves with the next request, in order of arrival. */
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
