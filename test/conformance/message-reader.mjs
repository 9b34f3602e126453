// Splits the output of a server into messages.

/** Reads one JSON value per line. A line that is not JSON becomes `{ notJson: text }`. */
export function lineReader(onMessage) {
  let rest = '';
  return {
    take(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) onMessage(parsed(line));
    },
    rest: () => rest,
  };
}

/** Reads messages with Content-Length headers. */
export function headerReader(onMessage) {
  let rest = Buffer.alloc(0);
  return {
    take(text) {
      rest = Buffer.concat([rest, Buffer.from(text)]);
      for (;;) {
        const end = rest.indexOf('\r\n\r\n');
        const length = Number(/^content-length: (\d+)$/im.exec(rest.toString('latin1', 0, end))?.[1]);
        if (end < 0 || !(rest.length >= end + 4 + length)) return;
        onMessage(parsed(rest.toString('utf8', end + 4, end + 4 + length)));
        rest = rest.subarray(end + 4 + length);
      }
    },
    rest: () => rest.toString('utf8'),
  };
}

/** Returns the message, with its text in a property `raw` that is not compared. */
function parsed(text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    message = { notJson: text };
  }
  return Object.defineProperty(Object(message), 'raw', { value: text });
}
