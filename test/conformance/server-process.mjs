// A server under test, and the client's end of its streams.
import { spawn } from 'node:child_process';

import { headerReader, lineReader } from './message-reader.mjs';

export const clientInfo = { name: 'suite', title: 'Suite', version: '1.0.0' };

/** Returns a request as a line. `params` is JSON text; undefined omits the member. */
export function requestLine(id, method, params) {
  const rest = params === undefined ? '' : `,"params":${params}`;
  return `{"id":${JSON.stringify(id)},"method":${JSON.stringify(method)}${rest}}\n`;
}

/** Returns a message with its header. */
export function framed(message) {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Starts it. The environment is exactly `env`. */
export function startServer({ command, args, env, cwd, framing = 'lines' }) {
  // It gets its own process group, because the command of codex starts another program that must end with it.
  const child = spawn(command, args, { cwd, env, stdio: 'pipe', detached: true });
  const messages = [];
  let waiting = [];
  let stderr = '';
  let markers = 0;
  let requests = 0;

  const reader = (framing === 'lines' ? lineReader : headerReader)((message) => {
    messages.push(message);
    settle();
  });
  const exited = new Promise((resolve) => {
    child.on('error', (error) => resolve({ notStarted: error.code }));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  let exit;
  void exited.then((how) => {
    exit = how;
    settle();
  });
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8').on('data', reader.take);
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));

  /** Wakes the functions that wait for messages. */
  function settle() {
    const now = waiting;
    waiting = [];
    for (const attempt of now) if (!attempt()) waiting.push(attempt);
  }

  /** Resolves with the result of `find`, at the latest when no more messages can come. */
  function untilThere(find) {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        const found = find();
        if (found) resolve(found);
        else if (exit)
          reject(new Error(`the server has exited: ${JSON.stringify(exit)}: ${stderr.slice(0, 300)}`));
        return found !== undefined || exit !== undefined;
      };
      if (!attempt()) waiting.push(attempt);
    });
  }

  const answersTo = (id) => messages.filter((message) => message.id === id && !('method' in message));
  const receivedOf = (method) => messages.filter((message) => message.method === method);
  const server = {
    child,
    messages,
    exited,
    stderr: () => stderr,
    /** Returns the text on stdout after its last whole message. */
    unfinished: reader.rest,
    send(...pieces) {
      for (const piece of pieces) child.stdin.write(piece);
    },
    /** Resolves with the `count`th response with this id. */
    answer: (id, count = 1) => untilThere(() => answersTo(id)[count - 1]),
    /** Resolves with the `count`th notification or request of the server with this method. */
    received: (method, count = 1) => untilThere(() => receivedOf(method)[count - 1]),
    /** Sends a request and resolves with its result, or with `{ error }`. */
    async ask(method, params) {
      requests += 1;
      const id = `ask-${requests}`;
      const message = { id, method, params };
      server.send(framing === 'lines' ? `${JSON.stringify(message)}\n` : framed(message));
      return outcomeOf(await server.answer(id));
    },
    /** Sends bytes and then its own request; resolves with all messages before the response to that. */
    async probe(...pieces) {
      const from = messages.length;
      markers += 1;
      const id = `marker-${markers}`;
      server.send(...pieces, requestLine(id, 'getAuthStatus', '{}'));
      const marker = await server.answer(id);
      return messages.slice(from, messages.indexOf(marker)).filter((message) => !isUnasked(message));
    },
    /** Calls `probe` for each of the named inputs. A single message is returned alone, none is `nothing`. */
    async probes(inputs) {
      const seen = {};
      for (const [name, input] of Object.entries(inputs)) {
        const got = await server.probe(...[input].flat());
        seen[name] = got.length > 1 ? got : (got[0] ?? 'nothing');
      }
      return seen;
    },
    /** Returns the ids in the order of their responses. */
    answeredIds: () => messages.filter((message) => !('method' in message)).map(({ id }) => id),
    initialize: (params = { clientInfo }) => server.ask('initialize', params),
    /** Closes stdin; resolves with the exit of the process. */
    end() {
      child.stdin.end();
      return exited;
    },
    kill(signal) {
      child.kill(signal);
      return exited;
    },
    /** Kills it and the processes that it has started. */
    destroy() {
      for (const stream of child.stdio) stream?.destroy();
      server.killGroup();
      return exited;
    },
    killGroup() {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // All of it has ended.
      }
    },
  };
  return server;
}

/** Returns the result of a response, or its error. */
function outcomeOf({ result, error }) {
  return error ? { error } : result;
}

/** Notifications that the reference may send at any time. */
function isUnasked({ id, method }) {
  return id === undefined && method !== undefined;
}
