// What the bundles have other than the sources. Each is there for the cost of a start; `npm test` runs the sources
// without them, and the tests of whole processes run the bundles.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Modules of node that are loaded when something of them is first used: crypto takes 4 ms, zlib 4, child_process 2. */
const rarelyUsed = [
  'node:http',
  'node:crypto',
  'node:zlib',
  'node:child_process',
  'node:https',
  'node:tls',
  'node:querystring',
  'node:v8',
];

export const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path: name }) =>
      rarelyUsed.includes(name) ? { path: name, namespace: 'lazy-builtin' } : undefined,
    );
    // The members stand behind a prototype: esbuild copies those that a module has itself, which would load it.
    onLoad({ filter: /./, namespace: 'lazy-builtin' }, ({ path: name }) => ({
      contents: `const load = () => process.getBuiltinModule(${JSON.stringify(name)});
        module.exports = Object.create(new Proxy({}, {
          get: (_, member) => member === '__esModule' ? undefined : load()[member],
          has: (_, member) => member in load(),
        }));`,
    }));
  },
};

/** node:assert takes 2 ms to load, and undici's assertions hold: it is loaded for one that does not. */
export const lazyAssert = {
  name: 'lazy-assert',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:assert$/ }, ({ path: name }) => ({ path: name, namespace: 'lazy-assert' }));
    onLoad({ filter: /./, namespace: 'lazy-assert' }, () => ({
      contents: `const load = () => process.getBuiltinModule('node:assert');
        module.exports = Object.setPrototypeOf(
          (value, ...message) => { if (!value) load()(value, ...message); },
          new Proxy(Function.prototype, { get: (_, member) => load()[member] }),
        );`,
    }));
  },
};

/** What a request of ours never comes to: HTTP/2 (D22), whose module of node takes milliseconds to load, and form data. */
const unusedParts = /undici\/lib\/(dispatcher\/client-h2|web\/fetch\/body)\.js$/;

export const withoutUnusedParts = {
  name: 'without-unused-parts',
  setup({ onLoad }) {
    onLoad({ filter: unusedParts }, ({ path: source }) => ({
      contents: `module.exports = () => { throw new Error("left out of this bundle: ${path.basename(source)}"); };`,
    }));
  },
};

/** Of vscode-jsonrpc what `src/server/jsonrpc.ts` takes: its readers, writers and buffers stay out. */
const commonFolder = fileURLToPath(new URL('../../node_modules/vscode-jsonrpc/lib/common', import.meta.url));

export const partsOfJsonRpc = {
  name: 'parts-of-jsonrpc',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode-jsonrpc$/ }, () => ({ path: 'vscode-jsonrpc', namespace: 'parts' }));
    onLoad({ filter: /./, namespace: 'parts' }, () => ({
      resolveDir: commonFolder,
      contents: `exports.RAL = require('${commonFolder}/ral.js').default;
        exports.createMessageConnection = require('${commonFolder}/connection.js').createMessageConnection;
        exports.Emitter = require('${commonFolder}/events.js').Emitter;
        exports.ResponseError = require('${commonFolder}/messages.js').ResponseError;`,
    }));
    // 20 classes that describe methods by the number of their parameters.
    onLoad({ filter: /vscode-jsonrpc\/lib\/common\/messages\.js$/ }, ({ path: source }) => ({
      contents: replaced(source, [
        [/^class ((?:Request|Notification)Type\d) extends [^]*?^exports\.\1 = \1;\n/gm, ''],
      ]),
    }));
  },
};

/** Its reasons stand there. */
const nativeParser = fileURLToPath(new URL('../../src/backend/native-parser.ts', import.meta.url));

/** Texts in undici 7.30.2 that are replaced, by the file below `lib/`: each with why. The build fails when one is gone. */
const undiciPatches = {
  // node:http takes 3 ms to load, for a class that is compared with and a limit that is always given.
  'core/util.js': [
    ["const { IncomingMessage } = require('node:http')", "const http = require('node:http')"],
    ['constructor === IncomingMessage', 'constructor === http.IncomingMessage'],
  ],
  'dispatcher/client.js': [
    [
      /const getDefaultNodeMaxHeaderSize = [^]*?invalid'\) \}/,
      'const getDefaultNodeMaxHeaderSize = () => http.maxHeaderSize',
    ],
  ],
  'dispatcher/client-h1.js': [
    [
      'llhttpInstance = lazyllhttp()',
      `llhttpInstance = require(${JSON.stringify(nativeParser)}).nativeLlhttp({
        parser: () => currentParser, bytes: () => currentBufferRef, errors: constants.ERROR,
      }) ?? lazyllhttp()`,
    ],
    // The bytes are copied to where WebAssembly can read them.
    ['new Uint8Array(llhttp.memory.buffer', 'if (!llhttp.readsInPlace) new Uint8Array(llhttp.memory.buffer'],
  ],
  // 1 ms for names in lower case, and a tree of them; one that is not there is put in lower case, with the same result.
  'core/constants.js': [[/wellknownHeaderNames = [^]*?\]\)/, 'wellknownHeaderNames = []']],
  'core/tree.js': [[/for \(let i = 0; i < wellknownHeaderNames[^]*?\n\}\n/, '']],
};

export const patchedUndici = {
  name: 'patched-undici',
  setup({ onLoad }) {
    onLoad({ filter: /undici\/lib\/(core|dispatcher)\/.*\.js$/ }, ({ path: source }) => {
      const patches = undiciPatches[source.replace(/.*undici\/lib\//, '')];
      return patches && { contents: replaced(source, patches) };
    });
  },
};

/** The text of a file with other texts in it. */
function replaced(source, patches) {
  let contents = fs.readFileSync(source, 'utf8');
  for (const [text, replacement] of patches) {
    const patched = contents.replace(text, replacement);
    if (patched === contents) throw new Error(`${source} has changed: there is no ${text} in it`);
    contents = patched;
  }
  return contents;
}

/** 0.3 ms for channels of node:diagnostics_channel that nobody listens to. */
export const withoutDiagnostics = {
  name: 'without-diagnostics',
  setup({ onLoad }) {
    onLoad({ filter: /undici\/lib\/core\/diagnostics\.js$/ }, async ({ path: source }) => {
      const { default: diagnostics } = await import(source);
      const silent = Object.keys(diagnostics.channels).map((name) => [name, { hasSubscribers: false }]);
      return { contents: `module.exports = { channels: ${JSON.stringify(Object.fromEntries(silent))} };` };
    });
  },
};

/** What undici's parser is told and says, as the values that undici computes at each start: 2 ms. */
export const computedConstants = {
  name: 'computed-constants',
  setup({ onLoad }) {
    onLoad({ filter: /undici\/lib\/llhttp\/constants\.js$/ }, async ({ path: source }) => {
      const client = fs.readFileSync(path.join(path.dirname(source), '../dispatcher/client-h1.js'), 'utf8');
      const names = new Set([...client.matchAll(/\bconstants\.(\w+)/g)].map(([, name]) => name));
      const { default: constants } = await import(source);
      const used = Object.fromEntries([...names].map((name) => [name, constants[name]]));
      return { contents: `module.exports = ${JSON.stringify(used)};` };
    });
  },
};

/** undici's parser as a file: as a text in base64 it would be decoded at each start, and stand in the cached code. */
export function wasmFiles(dist) {
  return {
    name: 'wasm-files',
    setup({ onLoad }) {
      onLoad({ filter: /undici\/lib\/llhttp\/llhttp(_simd)?-wasm\.js$/ }, async ({ path: source }) => {
        const name = path.basename(source).replace('-wasm.js', '.wasm');
        const { default: bytes } = await import(source);
        fs.mkdirSync(dist, { recursive: true });
        fs.writeFileSync(path.join(dist, name), bytes);
        return {
          contents: `module.exports = require('node:fs').readFileSync(require('node:path').join(__dirname, '${name}'));`,
        };
      });
    },
  };
}
