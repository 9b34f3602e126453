// Changes to the published bundles that make a start cheaper; `src/cli/start/README.md` has the figures. `npm test` runs
// the sources without them, and runs the bundles in the tests of whole processes.

const rarelyUsed = ['node:crypto', 'node:zlib', 'node:child_process'];

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
  },
};

/** Leaves undici's HTTP/2 client out, which loads node:http2. The server never asks for HTTP/2 (D22). */
export const withoutHttp2 = {
  name: 'without-http2',
  setup({ onLoad }) {
    onLoad({ filter: /undici\/lib\/dispatcher\/client-h2\.js$/ }, () => ({
      contents: `module.exports = () => { throw new Error('HTTP/2 is left out of this bundle'); };`,
    }));
  },
};
