import { memberSpans } from '../framing/raw-spans.js';
import type { PassOnHost } from '../server/pass-on.js';
import { type Envelope, idTextAt, withId } from './envelope.js';

/**
 * The requests of the upstream program that the client has not answered. The client sees them under ids of ours: those of
 * the program would collide with our own, and after a new start with those from before.
 */
export interface RequestsToClient {
  /** Passes a request to the client. Returns a promise if the client reads too slowly. */
  ask(text: string, envelope: Envelope): Promise<void> | undefined;
  /** Returns the client's answer with the id of the program. Undefined if none of its requests waits for it. */
  answer(idText: string, text: string): string | undefined;
  /** Returns a `serverRequest/resolved` with the id that the client knows. */
  resolved(text: string): string;
  /** Forgets all of them. */
  forget(): void;
  /** Answers them, and each later one, with an error: the client can answer no more. */
  refuse(): void;
}

/** @param send writes a message to the program */
export function createRequestsToClient(host: PassOnHost, send: (text: string) => void): RequestsToClient {
  /** From the id that the client knows to the id of the program. */
  const open = new Map<string, string>();
  /** The other way. An id stays, as the program names it again behind the answer. */
  const known = new Map<string, string>();
  let hasClientGone = false;

  function forget(): void {
    open.clear();
    known.clear();
    host.setRequestPending(false);
  }

  return {
    ask(text, { id, start, end }) {
      if (!id) return undefined;
      const own = idTextAt(text, id);
      if (hasClientGone) {
        send(refusal(own));
        return undefined;
      }
      const idText = `${host.nextRequestId()}`;
      open.set(idText, own);
      known.set(own, idText);
      if (open.size === 1) host.setRequestPending(true);
      return host.write(text.slice(start, id.start) + idText + text.slice(id.end, end));
    },
    answer(idText, text) {
      const own = open.get(idText);
      if (own === undefined) return undefined;
      open.delete(idText);
      if (open.size === 0) host.setRequestPending(false);
      return withId(text, own);
    },
    resolved(text) {
      const params = spanOf(text, 'params');
      if (!params) return text;
      const paramsText = text.slice(params.start, params.end);
      const id = paramsText.startsWith('{') ? spanOf(paramsText, 'requestId') : undefined;
      const own = id && idTextAt(paramsText, id);
      const idText = own === undefined ? undefined : known.get(own);
      if (!id || own === undefined || idText === undefined) return text;
      known.delete(own);
      open.delete(idText);
      if (open.size === 0) host.setRequestPending(false);
      const at = params.start;
      return text.slice(0, at + id.start) + idText + text.slice(at + id.end);
    },
    forget,
    refuse() {
      hasClientGone = true;
      for (const own of open.values()) send(refusal(own));
      forget();
    },
  };
}

function refusal(idText: string): string {
  return `{"id":${idText},"error":{"code":-32603,"message":"the client has gone"}}`;
}

function spanOf(text: string, name: string): { start: number; end: number } | undefined {
  for (const { key, start, end } of memberSpans(text)) if (key === name) return { start, end };
  return undefined;
}
