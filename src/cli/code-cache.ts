import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { dirname } from 'node:path';
import { Script, constants } from 'node:vm';

type Wrapper = (exports: object, require: NodeJS.Require, module: { exports: object }, path: string, folder: string) => void;

/** Loads a CommonJS bundle, as `require` does. */
export function loadScript(path: string): object {
  // The bundles are plain ASCII, which takes no decoding.
  const source = wrap(readFileSync(path, 'latin1'));
  const script = new Script(source, {
    filename: path,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, createRequire(path), module, path, dirname(path));
  return module.exports;
}
