/**
 * Replaces every occurrence of every secret with `<redacted>`, in upper or lower case, and with characters escaped as
 * in URLs, JSON or HTML. Ignores empty secrets.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length)
    .reduce((masked, secret) => masked.replace(new RegExp(anySpelling(secret), 'gi'), '<redacted>'), text);
}

function anySpelling(secret: string): string {
  return secret.replace(/[^a-z0-9]/gi, (character) => {
    const code = character.charCodeAt(0);
    const json = code.toString(16).padStart(4, '0');
    const spellings = [`\\u${json}`, `\\\\u${json}`, `&#0*${code};`, `&#x0*${code.toString(16)};`];
    // Half of a surrogate pair has no percent-encoding.
    if (code < 0xd800 || code > 0xdfff) spellings.push(percentEncoded(character));
    return `(?:${spellings.join('|')})`;
  });
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Removes the beginning of a secret from the end of a truncated text. */
export function withoutHalfSecret(text: string, secrets: readonly string[]): string {
  const lowerSecrets = secrets.map((secret) => secret.toLowerCase());
  const longest = Math.max(0, ...secrets.map((secret) => secret.length));
  const end = text.slice(-longest || text.length).toLowerCase();
  for (let at = 0; at < end.length; at += 1) {
    const tail = end.slice(at);
    if (lowerSecrets.some((secret) => secret.startsWith(tail))) return text.slice(0, at - end.length);
  }
  return text;
}
