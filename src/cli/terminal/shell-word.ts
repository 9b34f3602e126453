/** Quotes a word for a POSIX shell, and for xargs. */
export function shellWord(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Quotes a word for PowerShell. */
export function powerShellWord(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}
