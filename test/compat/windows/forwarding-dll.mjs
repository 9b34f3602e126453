const base = 0x1000;
const size = 0x200;

/**
 * Returns a library for Windows on x64 without code, whose only function is that of another library, given as
 * `library.function`. The layout is that of Microsoft's "PE Format".
 */
export function forwardingDll(libraryName, functionName, target) {
  const file = Buffer.alloc(0x200 + size);
  const put = (offset, ...values) => values.forEach((value, i) => file.writeUInt32LE(value, offset + 4 * i));
  file.write('MZ', 0);
  put(0x3c, 0x40);
  file.write('PE\0\0', 0x40);
  // The header: x64, one section, the size of the optional header; a library that can be loaded anywhere.
  file.writeUInt16LE(0x8664, 0x44);
  file.writeUInt16LE(1, 0x46);
  file.writeUInt16LE(240, 0x54);
  file.writeUInt16LE(0x2022, 0x56);
  const optional = 0x58;
  file.writeUInt16LE(0x20b, optional);
  file.writeBigUInt64LE(0x1_8000_0000n, optional + 24);
  put(optional + 32, 0x1000, 0x200, 6, 0, 6, 0, 2 * base, 0x200);
  file.writeUInt16LE(2, optional + 68);
  put(optional + 108, 16, base, size);
  const section = optional + 240;
  file.write('.edata', section);
  put(section + 8, size, base, size, 0x200);
  put(section + 36, 0x40000040);
  // The table of exports: one function with one name, and the text that forwards it.
  const table = 0x200;
  const texts = { library: 0x40, name: 0x80, target: 0xc0 };
  put(table + 12, base + texts.library, 1, 1, 1, base + 0x28, base + 0x2c, base + 0x30);
  put(table + 0x28, base + texts.target, base + texts.name);
  file.write(libraryName, table + texts.library);
  file.write(functionName, table + texts.name);
  file.write(target, table + texts.target);
  return file;
}
