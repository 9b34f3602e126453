import { Decrypter, Encrypter } from 'age-encryption';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { AgeError, decryptAge, encryptAge } from '../../../src/auth/store/age.js';

/** Little work, so that a test takes little time. */
const work = 4;
const passphrase = 'correct horse';

async function encryptedByLibrary(plaintext: Buffer, logN = work): Promise<Buffer> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(logN);
  return Buffer.from(await encrypter.encrypt(plaintext));
}

const lengths = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000];

test.each(lengths)('the package age-encryption reads what we write: %d bytes', async (length) => {
  const plaintext = randomBytes(length);
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const decrypted = await decrypter.decrypt(await encryptAge(plaintext, passphrase, work));
  expect(Buffer.from(decrypted).equals(plaintext)).toBe(true);
});

test.each(lengths)('we read what the package age-encryption writes: %d bytes', async (length) => {
  const plaintext = randomBytes(length);
  const decrypted = await decryptAge(await encryptedByLibrary(plaintext), passphrase);
  expect(decrypted.equals(plaintext)).toBe(true);
});

test('files of the work that Codex chooses are read and written', async () => {
  const plaintext = Buffer.from('{}');
  const ours = await encryptAge(plaintext, passphrase);
  expect(ours.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt [\w+/]{22} 18\n/);
  expect(await decryptAge(ours, passphrase)).toEqual(plaintext);
});

test('another passphrase is an error', async () => {
  const file = await encryptAge(Buffer.from('secret'), passphrase, work);
  await expect(decryptAge(file, 'battery staple')).rejects.toThrow(AgeError);
});

test('every damaged byte, and every cut, is an error', async () => {
  const file = await encryptAge(Buffer.from('secret'), passphrase, 1);
  for (let at = 0; at < file.length; at += 1) {
    const damaged = Buffer.from(file);
    // No other digit for the work: that of a valid file could take long.
    damaged[at] = (file[at] ?? 0) ^ 0x80;
    await expect(decryptAge(damaged, passphrase)).rejects.toThrow(AgeError);
    await expect(decryptAge(file.subarray(0, at), passphrase)).rejects.toThrow(AgeError);
  }
});

test('a file without its last chunk is an error', async () => {
  const file = await encryptAge(randomBytes(65_536 + 10), passphrase, work);
  await expect(decryptAge(file.subarray(0, -26), passphrase)).rejects.toThrow(AgeError);
});

test('a file that would need too much memory is refused', async () => {
  const file = await encryptAge(Buffer.from('secret'), passphrase, work);
  const heavy = Buffer.from(file.toString('latin1').replace(/ 4\n/, ' 21\n'), 'latin1');
  await expect(decryptAge(heavy, passphrase)).rejects.toThrow(new AgeError('the work factor 21 is above 20'));
});
