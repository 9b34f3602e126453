// Changes to the published bundles that make a start cheaper; `src/cli/start/README.md` has the figures. `npm test` runs
// the sources without them, and runs the bundles in the tests of whole processes.

const rarelyUsed = ['node:child_process', 'node:crypto', 'node:http', 'node:os', 'node:zlib'];

/** Loads a module of node when a member of it is first used. A poll uses none of these. */
export const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path: name }) =>
      rarelyUsed.includes(name) ? { path: name, namespace: 'lazy-builtin' } : undefined,
    );
    // The members are on a prototype, because esbuild copies own members at the start, which would load the module.
    onLoad({ filter: /./, namespace: 'lazy-builtin' }, ({ path: name }) => ({
      contents: `const load = () => process.getBuiltinModule(${JSON.stringify(name)});
        module.exports = Object.create(new Proxy({}, {
          get: (_, member) => member === '__esModule' ? undefined : load()[member],
          has: (_, member) => member in load(),
        }));`,
    }));
    // An assertion that holds needs no module.
    onResolve({ filter: /^node:assert$/ }, ({ path }) => ({ path, namespace: 'lazy-assert' }));
    onLoad({ filter: /./, namespace: 'lazy-assert' }, () => ({
      contents: `const load = () => process.getBuiltinModule('node:assert');
        module.exports = Object.setPrototypeOf(
          (value, ...message) => { if (!value) load()(value, ...message); },
          new Proxy(Function.prototype, { get: (_, member) => load()[member] }),
        );`,
    }));
  },
};

/** The replacements for modules of undici that the server does not need, by the end of their path. */
const undiciStubs = {
  // It loads node:http2, node:tls and node:crypto. The server never asks for HTTP/2 (D22).
  'lib/dispatcher/client-h2.js': `module.exports = () => { throw new Error('HTTP/2 is left out of this bundle'); };`,
  // Tables of known header names, which take longer to build than a few requests save.
  'lib/core/constants.js': `module.exports = {
    wellknownHeaderNames: [],
    headerNameLowerCasedRecord: Object.create(null),
    getHeaderNameAsBuffer: (name) => Buffer.from(name),
  };`,
  // undici compares bodies with one class of it. The server sends text, and gives a limit for headers itself.
  'node:http': `module.exports = { IncomingMessage: class {}, maxHeaderSize: 16384 };`,
};

/** Leaves parts of undici out that are loaded at each start and that a request of the server does not use. */
export const undiciWithoutUnusedParts = {
  name: 'undici-without-unused-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:http$/ }, ({ path, importer }) =>
      importer.includes('/undici/lib/') ? { path, namespace: 'undici-stub' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'undici-stub' }, ({ path }) => ({ contents: undiciStubs[path] }));
    onLoad({ filter: /undici\/lib\/(dispatcher\/client-h2|core\/constants)\.js$/ }, ({ path }) => ({
      contents: undiciStubs[path.replace(/.*undici\//, '')],
    }));
  },
};
