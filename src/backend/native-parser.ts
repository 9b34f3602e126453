/**
 * node's own HTTP parser in the place of the one that undici brings along as WebAssembly, and that is compiled at each
 * start: of the 45 ms of a poll on node 20, 4 ms; and node 20 goes on to optimise it in the background, 120 ms of CPU time and
 * 36 MiB for a parser that reads two answers. Both are llhttp.
 *
 * `process.binding` has it on node 20 and 22, where it is deprecated; later versions do not, and go on with WebAssembly.
 * The bundles alone have this: `src/build/bundle-plugins.mjs` puts it into undici, and the build fails when undici's
 * side moves. `test/backend/native-parser.test.ts` fails when node's does.
 * `CODEX_ACCOUNT_SERVER_DISABLE=native-parser` switches it off.
 */

/**
 * What undici does with what is found: each returns 0, or why parsing stops. Its own parser hands over the bytes of
 * names and values, which undici makes texts of one by one; it takes them as texts just as well, one character a byte.
 */
interface UndiciParser {
  onMessageBegin(): number;
  onStatus(text: string): number;
  onHeaderField(name: string): number;
  onHeaderValue(value: string): number;
  onHeadersComplete(status: number, isUpgrade: boolean, isKeptAlive: boolean): number;
  onBody(bytes: Buffer): number;
  onMessageComplete(): number;
}

interface ParseError extends Error {
  readonly code?: string;
  readonly reason?: string;
  readonly bytesParsed?: number;
}

type HttpParser = Record<number, (...args: never[]) => unknown> & {
  initialize(type: number, resource: object, maxHeaderSize: number, leniency: number): void;
  execute(bytes: Uint8Array): number | ParseError;
  finish(): ParseError | undefined;
  close(): void;
};

type HttpParserClass = (new () => HttpParser) &
  Readonly<
    Record<
      'RESPONSE' | 'kOnMessageBegin' | 'kOnHeaders' | 'kOnHeadersComplete' | 'kOnBody' | 'kOnMessageComplete',
      number
    >
  >;

/** As much of llhttp's own interface as undici uses, with numbers for what is kept behind it. */
interface Llhttp {
  /** Its own parser is given a copy of the bytes. */
  readonly readsInPlace: true;
  readonly memory: { buffer: ArrayBuffer };
  malloc(size: number): number;
  free(): void;
  llhttp_alloc(): number;
  llhttp_free(pointer: number): void;
  llhttp_execute(pointer: number): number;
  llhttp_finish(pointer: number): number;
  llhttp_get_error_pos(): number;
  llhttp_get_error_reason(): number;
}

export interface UndiciState {
  /** The parser that is at work. */
  readonly parser: () => UndiciParser;
  /** The bytes that it is given. */
  readonly bytes: () => Buffer;
  /** llhttp's errors: their numbers by their names. */
  readonly errors: Readonly<Record<string, number>>;
}

let isAllowed = false;

/** To be called before the first connection; without it undici's own parser is used. */
export function allowNativeParser(): void {
  isAllowed = true;
}

/** Called by undici as we bundle it. Undefined: its own parser is to be used. */
export function nativeLlhttp(state: UndiciState): { readonly exports: Llhttp } | undefined {
  const parserClass = isAllowed ? nodeParser() : undefined;
  return parserClass && { exports: createLlhttp(parserClass, state) };
}

/** Undefined where this node does not hand it out. */
export function nodeParser(): HttpParserClass | undefined {
  const { noDeprecation } = process;
  // It would say on stderr that it is deprecated.
  process.noDeprecation = true;
  try {
    const { binding } = process as unknown as { binding: (name: string) => { HTTPParser?: HttpParserClass } };
    return binding('http_parser').HTTPParser;
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

/** Twice what undici takes, whose own limit strikes first. */
const maxHeaderSize = 512 * 1024;

/** The reason of an error stands in front of the bytes. */
const reasonAt = 1;
const bytesAt = 256;

function createLlhttp(parserClass: HttpParserClass, state: UndiciState): Llhttp {
  const parsers = new Map<number, HttpParser>();
  const memory = { buffer: new ArrayBuffer(bytesAt) };
  let lastPointer = 0;
  let errorPosition = 0;

  /** Node's parser goes on whatever most of its callbacks return, but not when they throw. */
  function proceed(result: number): void {
    if (result !== 0) throw new Stop(result);
  }

  function takeHeaders(pairs: readonly string[]): void {
    const parser = state.parser();
    for (let index = 0; index < pairs.length; index += 2) {
      proceed(parser.onHeaderField(pairs[index] ?? ''));
      proceed(parser.onHeaderValue(pairs[index + 1] ?? ''));
    }
  }

  function createParser(): HttpParser {
    const parser = new parserClass();
    parser.initialize(parserClass.RESPONSE, {}, maxHeaderSize, 0);
    parser[parserClass.kOnMessageBegin] = () => proceed(state.parser().onMessageBegin());
    parser[parserClass.kOnHeaders] = takeHeaders;
    parser[parserClass.kOnHeadersComplete] = (
      _major: number,
      _minor: number,
      headers: readonly string[] | undefined,
      _method: unknown,
      _url: unknown,
      status: number,
      statusText: string,
      upgrades: boolean,
      isKeptAlive: boolean,
    ) => {
      if (headers) takeHeaders(headers);
      proceed(state.parser().onStatus(statusText));
      const result = state.parser().onHeadersComplete(status, upgrades, isKeptAlive);
      // 1 says that there is no body. No request of ours asks for an upgrade.
      if (result !== 1) proceed(result);
      return result;
    };
    parser[parserClass.kOnBody] = (bytes: Buffer) => proceed(state.parser().onBody(bytes));
    parser[parserClass.kOnMessageComplete] = () => proceed(state.parser().onMessageComplete());
    return parser;
  }

  /** The number of an error, which is kept to be asked for. */
  function failed(error: ParseError, length: number): number {
    errorPosition = bytesAt + (error.bytesParsed ?? length);
    const reason = Buffer.from((error.reason ?? error.message).slice(0, bytesAt - reasonAt - 1), 'latin1');
    new Uint8Array(memory.buffer, reasonAt).set([...reason, 0]);
    return state.errors[(error.code ?? '').replace('HPE_', '')] ?? state.errors.INTERNAL ?? 1;
  }

  function attempt(work: () => number | ParseError | undefined, length: number): number {
    try {
      const result = work();
      if (result instanceof Error) return failed(result, length);
      return 0;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      errorPosition = bytesAt + length;
      return error.result === -1 ? failed(error, length) : error.result;
    }
  }

  return {
    readsInPlace: true,
    memory,
    malloc(size) {
      memory.buffer = new ArrayBuffer(bytesAt + size);
      return bytesAt;
    },
    free: () => undefined,
    llhttp_alloc() {
      lastPointer += 1;
      parsers.set(lastPointer, createParser());
      return lastPointer;
    },
    llhttp_free(pointer) {
      parsers.get(pointer)?.close();
      parsers.delete(pointer);
    },
    llhttp_execute(pointer) {
      const bytes = state.bytes();
      return attempt(() => parsers.get(pointer)?.execute(bytes), bytes.length);
    },
    llhttp_finish: (pointer) => attempt(() => parsers.get(pointer)?.finish(), 0),
    llhttp_get_error_pos: () => errorPosition,
    llhttp_get_error_reason: () => reasonAt,
  };
}

/** Undici wants no more of this answer. */
class Stop extends Error {
  readonly result: number;

  constructor(result: number) {
    super('the callback wants no more');
    this.result = result;
  }
}
