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
