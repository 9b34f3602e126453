/** A larger reply is refused. */
export const maxReplyBytes = 8 * 1024 * 1024;

/** How much of a body an error message shows. */
export const maxEchoedBytes = 64 * 1024;

/** How much of a body is masked: more than is shown, so that a secret across that edge is masked as a whole. */
export const maxMaskedLength = 2 * maxEchoedBytes;

/** The headers of a reply, by their names in lower case. */
export type ReplyHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface HttpReply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  /** The body as text; when `isCut`, only its beginning. */
  readonly text: string;
  /** Whether the body is longer than `maxBytesOf` allows for the status. */
  readonly isCut: boolean;
}

export function isSuccess({ status }: { readonly status: number }): boolean {
  return status >= 200 && status <= 299;
}

/** Returns how much of a body is read: for an error status, as much as its message needs. */
export function maxBytesOf(status: number): number {
  return isSuccess({ status }) ? maxReplyBytes : maxMaskedLength;
}

export function firstHeader(headers: ReplyHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
