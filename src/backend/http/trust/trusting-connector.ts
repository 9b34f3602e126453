import type { SecureContext } from 'node:tls';
import { ConnectError } from '../connection-failure.js';
import { handshakeFailureOf, isAboutTrust } from '../handshake-failure.js';
import { buildConnector } from '../undici.js';
import type { Trust } from './trust.js';

export type CreateConnector = (context: SecureContext) => buildConnector.connector;

/**
 * Connects with the trusted certificates. If a certificate is not trusted, connects again with the roots of the system.
 * A failed handshake has sent nothing of a request, so this is safe for every request.
 *
 * Most connections need no root of the system, and reading them takes as long as half a poll.
 */
export function createTrustingConnector(trust: Trust, create: CreateConnector): buildConnector.connector {
  const connectors = new Map<SecureContext, buildConnector.connector>();
  const connectorFor = (context: SecureContext): buildConnector.connector => {
    const known = connectors.get(context) ?? create(context);
    connectors.set(context, known);
    return known;
  };

  return (options, callback) => {
    const fail = (error: Error): void => {
      callback(withReason(error, trust), null);
    };
    const narrow = trust.context();
    connectorFor(narrow)(options, (...[error, socket]) => {
      if (!error) {
        callback(null, socket);
        return;
      }
      const wider = isAboutTrust((error as NodeJS.ErrnoException).code) && trust.widerThan(narrow);
      if (!wider) {
        fail(error);
        return;
      }
      connectorFor(wider)(options, (...[again, second]) => {
        if (again) fail(again);
        else callback(null, second);
      });
    });
  };
}

function withReason(error: Error, trust: Trust): Error {
  const handshake = handshakeFailureOf(error, trust.problems());
  return handshake ? new ConnectError(error.message, { cause: error, handshake }) : error;
}

/**
 * Checks the certificate for the connected host; undici would take the host that the request names. It is checked
 * whatever NODE_TLS_REJECT_UNAUTHORIZED says, which only sets the default of node.
 */
export function createDirectConnector(secureContext: SecureContext): buildConnector.connector {
  const connect = buildConnector({ secureContext, rejectUnauthorized: true });
  return ({ servername: _, ...options }, callback) => {
    connect(options, callback);
  };
}
