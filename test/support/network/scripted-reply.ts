import type { ServerResponse } from 'node:http';
import type { Script } from '../../../src/dev-backend/server.js';

/** Passes the response to `act`, which writes it or leaves it open. */
export function answeredBy(act: (response: ServerResponse) => void): Script {
  return (_request, response) => {
    act(response);
    return 'handled';
  };
}

/** Sends these bytes, head and all, and closes the connection. */
export function rawReply(bytes: string): Script {
  return answeredBy((response) => response.socket?.end(bytes));
}
