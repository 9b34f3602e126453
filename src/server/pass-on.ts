import type { ClientState } from '../handlers/initialize.js';
import type { LoginAccountParams } from '../protocol/schema/login.js';
import type { OtherRefresher } from '../auth/create-auth.js';

/** A request as it was read. */
export interface ReadRequest {
  readonly method: string;
  /** The params as JSON. */
  readonly paramsText: string | undefined;
  /** The whole message as JSON. */
  readonly text: string;
  /** Aborted if the server shuts down. */
  readonly signal: AbortSignal;
  /** Resolves once the response is written. */
  readonly answered: Promise<void>;
}

/** Passes messages on to another server, whose messages reach the client between our own. */
export interface PassOn {
  /** Returns the answer to a request: of the other server, or of `own`. @throws the error of the answer */
  handle(request: ReadRequest, own: () => Promise<unknown>): Promise<unknown>;
  /** Passes on a notification of the client, or an answer of it that none of our requests waits for. */
  receive(message: { readonly text: string; readonly method?: string; readonly idText?: string }): void;
  /** Returns a promise if the other server reads more slowly than the client writes. Resolves when it has caught up. */
  whenWritable(): Promise<void> | undefined;
  /** Returns whether this notification of ours is sent. It is not if the other server sends the same. */
  allows(method: string, params: object): boolean;
  readonly refresher: OtherRefresher;
  /** Call when no message of the client can come any more. */
  inputEnded(): void;
  /** Ends the other server. Resolves when it has ended. */
  end(how: 'drain' | 'abort'): Promise<void>;
}

/** The parts of a server that passing messages on needs. */
export interface PassOnHost {
  readonly client: ClientState;
  /**
   * Writes a message, given the text of its members. Returns a promise if the client reads too slowly: resolves when it
   * has caught up.
   */
  write(members: string): Promise<void> | undefined;
  /** Returns an id for a request to the client. */
  nextRequestId(): number;
  /** Call with whether the other server waits for an answer of the client. */
  setRequestPending(isPending: boolean): void;
  /** Follows a login or logout that the other server has made. Never throws. */
  followLogin(change: LoginChange): Promise<void>;
  /** Resolves when no refresh of the tokens is in progress, at the latest after 15 s. */
  refreshesSaved(): Promise<void>;
}

export type LoginChange =
  | { readonly kind: 'signedIn' | 'signedOut' | 'reread' }
  /** The client has given its own tokens. */
  | {
      readonly kind: 'hostTokens';
      readonly params: Extract<LoginAccountParams, { type: 'chatgptAuthTokens' }>;
    };

export type CreatePassOn = (host: PassOnHost) => PassOn;

const answerParts = Symbol('passed answer');

/** An answer of the other server. The id of the client belongs between the two parts of its members. */
export interface PassedAnswer {
  readonly [answerParts]: readonly [head: string, tail: string];
}

export function passedAnswer(head: string, tail: string): PassedAnswer {
  return { [answerParts]: [head, tail] };
}

/** Returns the text of the members of a passed answer; undefined for any other result. */
export function passedMembers(result: unknown, idText: string): string | undefined {
  if (typeof result !== 'object' || result === null || !(answerParts in result)) return undefined;
  return (result as PassedAnswer)[answerParts].join(idText);
}
