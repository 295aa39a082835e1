/** Why a reading is held. `detail` names places and counts, never values of people. */
export interface HeldReason {
  readonly code:
    | 'no_usable_id'
    | 'not_an_object'
    | 'no_event_type'
    | 'no_order'
    | 'line_items_lost'
    | 'buyer_lost'
    | 'buyer_changed'
    | 'delivery_address_lost'
    | 'total_lost'
    | 'total_jumped'
    | 'currency_changed'
    | 'foreign_seller'
    | 'foreign_listing'
    | 'breaker';
  readonly detail: string;
}
