/** Replaces every occurrence of every secret, in any letter case, by `<redacted>`. Empty secrets are ignored. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length)
    .reduce((masked, secret) => masked.replace(new RegExp(escaped(secret), 'gi'), '<redacted>'), text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
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
