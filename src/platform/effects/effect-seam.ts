import { Global, Injectable, Module } from '@nestjs/common';

/** The outside effects of a sync, by name. */
export type EffectName =
  | 'allegro.events'
  | 'allegro.latest_event'
  | 'allegro.forms'
  | 'allegro.form'
  | 'allegro.shipments'
  | 'certificate.note'
  | 'certificate.sign'
  | 'cursor.overlap'
  | 'cursor.start'
  | 'history.finish'
  | 'journal.gap'
  | 'log.record'
  | 'owed.settle'
  | 'purchases.link'
  | 'run.finish'
  | 'run.open'
  | 'shipments.record'
  | 'sync.pause';

/**
 * The one seam through which every outside effect of a sync passes: each request to Allegro and each transaction.
 * A test overrides it to fail effect N, for every N, and so proves that no crash loses or doubles an order.
 */
@Injectable()
export class EffectSeam {
  async perform<T>(_name: EffectName, effect: () => Promise<T>): Promise<T> {
    return effect();
  }
}

@Global()
@Module({ providers: [EffectSeam], exports: [EffectSeam] })
export class EffectsModule {}
