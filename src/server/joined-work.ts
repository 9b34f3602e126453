/** Makes work that is wanted under a key that already has work under way or waiting into waiting for that one. */
export type JoinWork = <T>(key: string, work: () => Promise<T>) => () => Promise<T>;

/** Each piece of work, the joined ones too, keeps its own place in whatever queue it is put into. */
export function createJoinWork(): JoinWork {
  const underWay = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>) => {
    const first = underWay.get(key);
    if (first) return () => first as Promise<T>;

    let finish = (_result: Promise<T>): void => undefined;
    const result = new Promise<T>((resolve) => {
      finish = resolve;
    });
    result.catch(() => undefined); // Its own caller hears of a failure in any case.
    underWay.set(key, result);
    return () => {
      const own = work().finally(() => underWay.delete(key));
      finish(own);
      return own;
    };
  };
}
