/**
 * Replaces every occurrence of every secret by `<redacted>`: in any letter case, also where signs in it are spelled as in
 * URLs, JSON or HTML. Empty secrets are ignored.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length)
    .reduce((masked, secret) => masked.replace(new RegExp(anySpelling(secret), 'gi'), '<redacted>'), text);
}

function anySpelling(secret: string): string {
  return secret.replace(/[^a-z0-9]/gi, (sign) => {
    const code = sign.charCodeAt(0);
    const json = code.toString(16).padStart(4, '0');
    const spellings = [`\\u${json}`, `\\\\u${json}`, `&#0*${code};`, `&#x0*${code.toString(16)};`];
    // Half of a surrogate pair has no URL form of its own.
    if (code < 0xd800 || code > 0xdfff) spellings.push(encodedInUrl(sign));
    return `(?:${spellings.join('|')})`;
  });
}

function encodedInUrl(sign: string): string {
  return [...Buffer.from(sign, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** A text that broke off somewhere, without the beginning of a secret that may stand at its end. */
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
