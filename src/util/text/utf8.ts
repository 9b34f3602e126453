/** Decodes UTF-8. Drops a byte order mark at the start. Invalid bytes become U+FFFD. */
export function textFromUtf8(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

const byteOrderMark = 0xfeff;
