import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { JsonValue } from '../../core/json.js';
import { CONFIGURATION, type Configuration } from '../config/configuration.js';
import { decrypt, encrypt, open, seal } from './seal.js';

const KEY_BYTES = 32;

interface KeyedHead {
  readonly orderId: string;
  readonly hasKey: boolean;
  readonly wrappedKey: Buffer | null;
}

export interface LazySealer {
  seal(plain: Buffer): Buffer | null;
  readonly newWrappedKey: Buffer | null;
}

/** A data key outside its wrapping, and the account that what is sealed under it names. */
export interface BareKey {
  readonly key: Buffer;
  /** Another installation's account where the key came with an archive: sealed values cannot be sealed again without breaking the chain. */
  readonly sealedFor: string;
}

/** Names an event where an order's id stands otherwise, so that nothing sealed for it opens as an order's. */
export const eventOwner = (dedupKey: string): string => `event/${dedupKey}`;

/** Data keys, one per order, wrapped by the master key; and the keyed hashes that outlive them. */
@Injectable()
export class OrderKeys {
  private readonly pepper: KeyObject;

  constructor(@Inject(CONFIGURATION) private readonly config: Configuration) {
    this.pepper = createSecretKey(config.hashPepper.reveal(), 'base64');
  }

  /** A sealer for the order of `head`; it makes the order's key when the first personal value has to be sealed. */
  sealerFor(accountId: string, head: KeyedHead): LazySealer {
    const destroyed = head.hasKey && head.wrappedKey === null;
    const known = head.wrappedKey ? this.unwrap(accountId, head.orderId, head.wrappedKey) : null;
    const aad = this.aad(known?.sealedFor ?? accountId, head.orderId);
    let key = known?.key ?? null;
    let newWrappedKey: Buffer | null = null;
    const wrap = (plain: Buffer) => seal(this.config.masterKeys, plain, aad);
    return {
      seal(plain) {
        if (destroyed) return null;
        if (!key) {
          key = randomBytes(KEY_BYTES);
          newWrappedKey = wrap(key);
        }
        return encrypt(key, plain, aad);
      },
      get newWrappedKey() {
        return newWrappedKey;
      },
    };
  }

  /** A sealer for a single event of the account's own stream. */
  eventSealer(accountId: string, dedupKey: string, isErased: boolean): LazySealer {
    return this.sealerFor(accountId, { orderId: eventOwner(dedupKey), hasKey: isErased, wrappedKey: null });
  }

  /** The personal values of an event; null when the order's key was destroyed. */
  openPersonal(accountId: string, orderId: string, event: { wrappedKey: Buffer | null; sealed: Buffer | null }): JsonValue[] | null {
    if (!event.sealed || !event.wrappedKey) return null;
    return this.openWith(this.unwrap(accountId, orderId, event.wrappedKey), orderId, event.sealed);
  }

  /** The values sealed under a bare key. @throws when it is another's */
  openWith({ key, sealedFor }: BareKey, orderId: string, sealed: Buffer): JsonValue[] {
    return JSON.parse(decrypt(key, sealed, this.aad(sealedFor, orderId)).toString()) as JsonValue[];
  }

  /** Takes a key out of its wrapping, to hand it to another installation. @throws when it was not wrapped for this account and order */
  unwrap(accountId: string, orderId: string, wrappedKey: Buffer): BareKey {
    const opened = open(this.config.masterKeys, wrappedKey, this.aad(accountId, orderId));
    const named = opened.subarray(KEY_BYTES).toString();
    return { key: opened.subarray(0, KEY_BYTES), sealedFor: named === '' ? accountId : named };
  }

  /** Wraps a key that another installation handed over; the account it names travels behind the key. */
  adopt(accountId: string, orderId: string, { key, sealedFor }: BareKey): Buffer {
    return seal(this.config.masterKeys, Buffer.concat([key, Buffer.from(sealedFor)]), this.aad(accountId, orderId));
  }

  /** Keyed (HMAC-SHA256), because a plain hash of a phone number or an e-mail is reversed by trying them all. */
  keyedHash(purpose: string, content: string): Buffer {
    return createHmac('sha256', this.pepper).update(purpose).update('\0').update(content).digest();
  }

  private aad(accountId: string, orderId: string): string {
    return `order:${accountId}:${orderId}`;
  }
}
