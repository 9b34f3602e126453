import { Agent, type Dispatcher } from 'undici';

/** What sends the requests. */
export interface HttpConnections {
  readonly reads: Pick<Dispatcher, 'request'>;
  readonly writes: Pick<Dispatcher, 'request'>;
}

/** Connections to each origin for reads; further reads wait for one of them. */
const maxReadConnections = 128;

const maxHeaderSize = 256 * 1024;

/**
 * Connections for reads are kept alive. What changes something never waits behind reads, and gets a connection of
 * its own: a kept one may be closed by the other side just as the request goes out, and then nobody knows whether
 * it arrived.
 */
export function createHttpConnections(): HttpConnections {
  return {
    reads: new Agent({ connections: maxReadConnections, maxHeaderSize }),
    writes: new Agent({ maxHeaderSize, keepAliveTimeout: 1, keepAliveMaxTimeout: 1 }),
  };
}
