/** Values that something has reported, and a way to wait for a number of them. */
export interface Notes {
  note(value: unknown): void;
  untilCount(count: number): Promise<unknown[]>;
}

export function createNotes(): Notes {
  const notes: unknown[] = [];
  let wake = (): void => undefined;
  return {
    note(value) {
      notes.push(value);
      wake();
    },
    async untilCount(count) {
      while (notes.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return notes;
    },
  };
}
