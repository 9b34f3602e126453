/** The text of bytes in UTF-8, without a byte order mark at its start. Bytes that do not fit become U+FFFD. */
export function textFromUtf8(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

const byteOrderMark = 0xfeff;
