/** The names of a platform in codex. */
export interface PlatformNames {
  /** `unix` or `windows`. */
  readonly platformFamily: string;
  /** `linux`, `macos` or `windows`. */
  readonly platformOs: string;
  /** As in the user agent: `x86_64`. */
  readonly architecture: string;
}

/** Returns the names that codex has for a platform and an architecture of node. Those it does not know stay. */
export function platformNames(platform: NodeJS.Platform, arch: string): PlatformNames {
  return {
    platformFamily: platform === 'win32' ? 'windows' : 'unix',
    platformOs: systems.get(platform) ?? platform,
    architecture: platform === 'darwin' && arch === 'arm64' ? arch : (architectures.get(arch) ?? arch),
  };
}

const systems = new Map<string, string>([
  ['darwin', 'macos'],
  ['win32', 'windows'],
]);

const architectures = new Map([
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
]);
