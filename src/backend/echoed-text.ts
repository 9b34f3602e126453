import { redact, withoutHalfSecret } from '../util/redact.js';
import { maxEchoedBytes } from './limits.js';

/**
 * As much of a body as an error message shows; D6. The secrets go before the cut; where the body broke off already,
 * so does what may be half of one at its end.
 */
export function echoedText(body: { text: string; isCut: boolean }, secrets: readonly string[]): string {
  const text = redact(body.text, secrets);
  const shown = body.isCut ? withoutHalfSecret(text, secrets) : text;
  const masked = Buffer.from(shown, 'utf8');
  const bytes = masked.length > maxEchoedBytes ? cutUtf8(masked, maxEchoedBytes) : masked;
  return bytes.toString('utf8');
}

/** Never ends inside a character. */
function cutUtf8(bytes: Buffer, maxBytes: number): Buffer {
  let end = maxBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
