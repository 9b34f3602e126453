/**
 * Returns name and version of a system as codex has them in its user agent.
 *
 * @param system.release returns the version of Windows
 * @param system.textOf returns the content of a file; empty if there is none
 */
export function systemName(system: {
  readonly platform: NodeJS.Platform;
  readonly release: () => string;
  readonly textOf: (path: string) => string;
}): string {
  switch (system.platform) {
    case 'darwin':
      return macSystem(system.textOf('/System/Library/CoreServices/SystemVersion.plist'));
    case 'win32':
      return `Windows ${system.release()}`;
    default:
      return linuxSystem(system.textOf('/etc/os-release'));
  }
}

/** Returns, for example, `Debian 12.0.0`. @param osRelease the content of `/etc/os-release` */
function linuxSystem(osRelease: string): string {
  const name = names.get(valueOf('ID', osRelease) ?? '');
  return name === undefined ? 'Linux Unknown' : `${name} ${versionOf(valueOf('VERSION_ID', osRelease))}`;
}

/** Returns, for example, `Mac OS 15.1.0`. @param versionPlist the content of `SystemVersion.plist` */
function macSystem(versionPlist: string): string {
  const version = /<key>ProductVersion<\/key>\s*<string>([^<]*)<\/string>/.exec(versionPlist)?.[1];
  return `Mac OS ${versionOf(version)}`;
}

/** Reads a key as codex does: without the quotes and blanks around its value. */
function valueOf(key: string, osRelease: string): string | undefined {
  return new RegExp(`^${key}=["\\s]*(.*?)["\\s]*$`, 'm').exec(osRelease)?.[1];
}

/** Writes one to three numbers with three parts. Any other text stays as it is. */
function versionOf(text = ''): string {
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?\.?$/.exec(text.trim());
  if (!parts) return text || 'Unknown';
  const [, major = '0', minor = '0', patch = '0'] = parts;
  return [major, minor, patch].map((part) => BigInt(part).toString()).join('.');
}

/** The names of systems in codex, by the `ID` of os-release. */
const names = new Map([
  ['almalinux', 'AlmaLinux'],
  ['alpaquita', 'Alpaquita Linux'],
  ['alpine', 'Alpine Linux'],
  ['altlinux', 'ALT Linux'],
  ['amzn', 'Amazon Linux AMI'],
  ['aosc', 'AOSC OS'],
  ['arch', 'Arch Linux'],
  ['archarm', 'Arch Linux'],
  ['artix', 'Artix Linux'],
  ['bazzite', 'Bazzite'],
  ['bluefin', 'Bluefin'],
  ['cachyos', 'CachyOS Linux'],
  ['centos', 'CentOS'],
  ['debian', 'Debian'],
  ['elementary', 'Elementary OS'],
  ['fedora', 'Fedora'],
  ['instantos', 'instantOS'],
  ['kali', 'Kali Linux'],
  ['linuxmint', 'Linux Mint'],
  ['manjaro-arm', 'Manjaro'],
  ['mariner', 'Mariner'],
  ['neon', 'KDE neon'],
  ['nixos', 'NixOS'],
  ['nobara', 'Nobara Linux'],
  ['ol', 'Oracle Linux'],
  ['opencloudos', 'OpenCloudOS'],
  ['openEuler', 'EulerOS'],
  ['opensuse', 'openSUSE'],
  ['opensuse-leap', 'openSUSE'],
  ['opensuse-microos', 'openSUSE'],
  ['opensuse-tumbleweed', 'openSUSE'],
  ['pika', 'PikaOS'],
  ['rhel', 'Red Hat Enterprise Linux'],
  ['rocky', 'Rocky Linux'],
  ['sled', 'SUSE Linux Enterprise Server'],
  ['sles', 'SUSE Linux Enterprise Server'],
  ['sles_sap', 'SUSE Linux Enterprise Server'],
  ['ubuntu', 'Ubuntu'],
  ['ultramarine', 'Ultramarine Linux'],
  ['void', 'Void Linux'],
  ['zorin', 'Zorin OS'],
]);
