import { Inject, Injectable, Logger } from '@nestjs/common';
import type { JsonValue } from '../core/json.js';
import type { Secret } from '../core/secret.js';
import { CONFIGURATION, type Configuration } from '../platform/config/configuration.js';
import { AllegroProblem } from './allegro.errors.js';
import { AllegroTransport } from './allegro-transport.js';
import type { Answered } from './call-context.js';
import {
  deviceRefusal,
  readDeviceCode,
  readTokens,
  refreshRefusal,
  type DeviceCode,
  type DeviceRefusal,
  type TokenAnswer,
  type TokenPair,
} from './oauth-answers.js';

export type DevicePoll = { readonly kind: 'tokens'; readonly pair: TokenPair } | { readonly kind: DeviceRefusal };
export type RefreshAnswer = { readonly kind: 'tokens'; readonly pair: TokenPair } | { readonly kind: 'refused'; readonly error: string };

/** Not tied to an account: the places of accounts do not apply. */
const CALL = { accountKey: 'oauth', share: 'interactive' } as const;

/** Allegro's token endpoints. Nothing here is ever sent twice: a token endpoint spends what it is given. */
@Injectable()
export class AllegroAuthClient {
  readonly #logger = new Logger('allegro');
  readonly #oauthUrl: string;
  readonly #authorization: string;

  constructor(
    private readonly transport: AllegroTransport,
    @Inject(CONFIGURATION) private readonly config: Configuration,
  ) {
    this.#oauthUrl = `${config.allegro.authUrl.replace(/\/+$/, '')}/auth/oauth`;
    const credentials = `${config.allegro.clientId}:${config.allegro.clientSecret.reveal()}`;
    this.#authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  /** Starts linking. @throws AllegroProblem */
  async requestDeviceCode(): Promise<DeviceCode> {
    const answered = await this.#post('device', { client_id: this.config.allegro.clientId }, readDeviceCode);
    return answered.value;
  }

  /**
   * Asks once whether the seller has agreed. A device code gives its tokens once: keep the pair before anything else.
   * @throws AllegroProblem when Allegro did not say either way
   */
  async pollDeviceToken(deviceCode: Secret): Promise<DevicePoll> {
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: deviceCode.reveal() };
    try {
      return { kind: 'tokens', pair: await this.#tokens(form) };
    } catch (error) {
      const refusal = error instanceof AllegroProblem && error.allegroStatus === 400 ? deviceRefusal(error.codes) : null;
      if (refusal === null) throw asApplicationRefused(error);
      return { kind: refusal };
    }
  }

  /**
   * Spends a refresh token (Allegro takes it again for 60 s, so a lost answer may be asked for again by the caller).
   * @returns `refused` only when Allegro refused the token itself @throws AllegroProblem for everything else
   */
  async refresh(refreshToken: Secret): Promise<RefreshAnswer> {
    try {
      return { kind: 'tokens', pair: await this.#tokens({ grant_type: 'refresh_token', refresh_token: refreshToken.reveal() }) };
    } catch (error) {
      const refusal = error instanceof AllegroProblem ? refreshRefusal(error.allegroStatus, error.codes) : null;
      if (refusal === null) throw asApplicationRefused(error);
      return { kind: 'refused', error: refusal };
    }
  }

  async #tokens(form: Readonly<Record<string, string>>): Promise<TokenPair> {
    const { value, observedAt } = await this.#post<TokenAnswer>('token', form, readTokens);
    if (value.lifetimeAssumed) this.#logger.error('Allegro sent tokens without a usable lifetime: 12 hours are assumed');
    return { ...value.pair, receivedAt: observedAt };
  }

  #post<T>(path: 'device' | 'token', form: Readonly<Record<string, string>>, read: (json: JsonValue) => T): Promise<Answered<T>> {
    return this.transport.send({
      purpose: 'oauth',
      method: 'POST',
      url: `${this.#oauthUrl}/${path}`,
      headers: { Accept: 'application/json', Authorization: this.#authorization, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      call: CALL,
      read,
    });
  }
}

/** 401 here means our own client id or secret, and must never look like a seller's dead token. */
function asApplicationRefused(error: unknown): unknown {
  if (!(error instanceof AllegroProblem) || error.kind !== 'unauthorized') return error;
  return new AllegroProblem({
    kind: 'forbidden',
    blame: 'caller',
    code: 'ALLEGRO_CLIENT_REFUSED',
    detail: 'Allegro refused the client id or secret of this application.',
    allegroStatus: error.allegroStatus,
    traceId: error.traceId,
    codes: error.codes,
  });
}
