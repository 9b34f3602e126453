/** Returns the mode that the system shows of a file created with `mode`. Windows knows only whether it is read-only. */
export function shownMode(mode: number): number {
  if (process.platform !== 'win32') return mode;
  return (mode & 0o200) === 0 ? 0o444 : 0o666;
}
