/** Runs `act`. Returns the messages of the exceptions that nothing has caught meanwhile, and of such rejections. */
export async function uncaughtDuring(act: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const restore = events.map((event) => {
    const before = process.rawListeners(event) as (() => void)[];
    process.removeAllListeners(event);
    process.on(event, (error: unknown) => seen.push(`${event}: ${(error as Error).message}`));
    return () => {
      process.removeAllListeners(event);
      for (const listener of before) process.on(event, listener);
    };
  });
  try {
    await act();
    // An unhandled rejection shows one turn later.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const each of restore) each();
  }
  return seen;
}
