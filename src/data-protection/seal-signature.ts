import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Names a key by its public half. */
export function keyIdOf(key: KeyObject): string {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(spki).digest('hex').slice(0, 16);
}

/** @param text PEM, or the base64 of PKCS#8. @throws when it is no private key */
export function readSigningKey(text: string): KeyObject {
  if (text.includes('-----BEGIN')) return createPrivateKey(text);
  return createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
}

export function signRoot(key: KeyObject, root: Buffer): Buffer {
  return sign(null, root, key);
}

export function isSignatureOf(publicKey: KeyObject, root: Buffer, signature: Buffer): boolean {
  return verify(null, root, publicKey, signature);
}

/** Whether a signature that claims to be of this key is not. Seals of an older key are held by the roots of those behind them. */
export function isWronglySigned(
  seal: { readonly root: Buffer; readonly signature: Buffer | null; readonly keyId: string | null },
  key: KeyObject | null,
): boolean {
  if (!key || !seal.signature || seal.keyId !== keyIdOf(key)) return false;
  return !isSignatureOf(key, seal.root, seal.signature);
}
