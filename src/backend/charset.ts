import { textFromUtf8 } from '../util/utf8.js';

/** The decoder for the charset of a content type; an unknown one counts as UTF-8. Bytes that do not fit become U+FFFD. */
export function textDecoder(contentType: string): { decode(bytes: Buffer): string } {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return utf8;
  const decoder = decoderFor(charset);
  // Node 20 reads windows-1252, which by the Encoding Standard latin1 is too, as ISO 8859-1.
  if (decoder.encoding !== 'windows-1252') return decoder;
  return { decode: (bytes) => decoder.decode(bytes).replace(/[\x80-\x9f]/g, windows1252Character) };
}

/** As a TextDecoder does it, which takes a millisecond to set up. */
const utf8 = { decode: textFromUtf8 };

function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** What windows-1252 has in the place of the control characters from 0x80; it leaves five of them alone. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function windows1252Character(control: string): string {
  return windows1252.charAt(control.charCodeAt(0) - 0x80);
}
