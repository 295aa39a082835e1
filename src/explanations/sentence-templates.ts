export const LANGUAGES = ['en', 'pl'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * Everything an explanation can say, in each language. `{name}` is a parameter of the fact; what stands in `[ ]` is left out where one
 * of its parameters is null. Codes are what programs branch on: never renamed.
 */
export const TEMPLATES = {
  journal_announced: {
    en: "Allegro's journal announced {event_type} (event {event_id}, happened {occurred_at})[, trace id {trace_id}].",
    pl: 'Dziennik Allegro ogłosił {event_type} (zdarzenie {event_id}, zaszło {occurred_at})[, trace id {trace_id}].',
  },
  form_by_journal: {
    en: 'The sync that follows the journal read the order from Allegro (run {run_id})[, trace id {trace_id}].',
    pl: 'Synchronizacja idąca za dziennikiem odczytała zamówienie z Allegro (przebieg {run_id})[, trace id {trace_id}].',
  },
  form_by_listing: {
    en: 'A sync of all orders by date read the order from Allegro (run {run_id})[, trace id {trace_id}].',
    pl: 'Synchronizacja wszystkich zamówień według daty odczytała zamówienie z Allegro (przebieg {run_id})[, trace id {trace_id}].',
  },
  form_by_sweep: {
    en: 'A sweep that compares everything with Allegro read the order (certificate {run_id})[, trace id {trace_id}].',
    pl: 'Przegląd porównujący wszystko z Allegro odczytał zamówienie (certyfikat {run_id})[, trace id {trace_id}].',
  },
  form_by_hand: {
    en: 'Somebody asked for the order, and it was read from Allegro[, trace id {trace_id}].',
    pl: 'Ktoś poprosił o zamówienie i odczytano je z Allegro[, trace id {trace_id}].',
  },
  form_by_unkept_run: {
    en: 'A sync whose record is not kept any more read the order from Allegro[ (run {run_id})][, trace id {trace_id}].',
    pl: 'Synchronizacja, której zapisu już się nie przechowuje, odczytała zamówienie z Allegro[ (przebieg {run_id})][, trace id {trace_id}].',
  },
  form_released: {
    en: 'A form that had been held was released by {actor} and replaced what was known[, trace id {trace_id}].',
    pl: 'Wstrzymany formularz został zwolniony przez {actor} i zastąpił to, co było znane[, trace id {trace_id}].',
  },
  became_known: { en: 'The order became known with it, status {status}.', pl: 'Dzięki temu zamówienie stało się znane, status {status}.' },
  places_changed: { en: 'It changed {count} places: {paths}.', pl: 'Zmieniło to miejsc: {count} ({paths}).' },
  nothing_changed: { en: 'It changed nothing of what was known.', pl: 'Nie zmieniło to niczego z tego, co było znane.' },
  older_than_known: {
    en: 'It is older (updated {updated_at}) than the form known before ({known_at}): it did not replace it, at most it filled gaps.',
    pl: 'Jest starszy (zmieniony {updated_at}) niż znany wcześniej formularz ({known_at}): nie zastąpił go, co najwyżej uzupełnił braki.',
  },
  values_kept: {
    en: 'It lacked values that were known, and they were kept: {paths}.',
    pl: 'Brakowało w nim znanych wartości, więc je zachowano: {paths}.',
  },
  restored: {
    en: '{actor} restored the order to what it was at version {version} (known at {as_of}, plan {plan_id}).',
    pl: '{actor} przywrócił(a) zamówienie do stanu z wersji {version} (znanego {as_of}, plan {plan_id}).',
  },
  buyer_erased: {
    en: 'The buyer was erased: personal values of before cannot be read any more.',
    pl: 'Dane kupującego usunięto: wcześniejszych danych osobowych nie da się już odczytać.',
  },
  stock_set: { en: '{actor} marked the stock as booked.', pl: '{actor} oznaczył(a) stan magazynu jako zaktualizowany.' },
  stock_unset: { en: '{actor} marked the stock as not booked.', pl: '{actor} oznaczył(a) stan magazynu jako niezaktualizowany.' },
  invoice_set: { en: '{actor} marked the invoice as made.', pl: '{actor} oznaczył(a) fakturę jako wystawioną.' },
  invoice_unset: { en: '{actor} marked the invoice as not made.', pl: '{actor} oznaczył(a) fakturę jako niewystawioną.' },
  replaced_by: {
    en: 'The purchases were paid together with others: order {order_id} replaced this one.',
    pl: 'Zakupy opłacono razem z innymi: zamówienie {order_id} zastąpiło to zamówienie.',
  },
  took_over: { en: 'It took over the purchases of order {order_id}.', pl: 'Przejęło zakupy zamówienia {order_id}.' },
  unknown_event: { en: 'Something this version cannot explain was recorded ({type}).', pl: 'Zapisano coś, czego ta wersja nie umie wyjaśnić ({type}).' },
  webhook_told: {
    en: 'Webhook {webhook_id}[ ({webhook_name})] took {event_type}[ of version {about_version}] ({attempts} attempts[, status {last_status}]).',
    pl: 'Webhook {webhook_id}[ ({webhook_name})] przyjął {event_type}[ o wersji {about_version}] (prób: {attempts}[, status {last_status}]).',
  },
  webhook_given_up: {
    en: 'Webhook {webhook_id}[ ({webhook_name})] was not told {event_type}[ of version {about_version}]: it was given up or switched off ({attempts} attempts[, the last: {last_outcome}][, status {last_status}]).',
    pl: 'Webhook {webhook_id}[ ({webhook_name})] nie otrzymał {event_type}[ o wersji {about_version}]: zaniechano prób lub go wyłączono (prób: {attempts}[, ostatnia: {last_outcome}][, status {last_status}]).',
  },
  earlier_webhooks_left_out: {
    en: 'Only the last {count} messages to webhooks are told here; the delivery log of each webhook has all.',
    pl: 'Podano tu tylko ostatnie wiadomości do webhooków ({count}); wszystkie są w dzienniku dostaw każdego z nich.',
  },
  earlier_left_out: {
    en: 'The {count} events before are left out here; the timeline has them.',
    pl: 'Wcześniejsze zdarzenia ({count}) tu pominięto; są na osi czasu.',
  },

  form_held: {
    en: 'A form was held and not recorded (quarantine item {item_id}, seen {times_seen} times, last {last_seen_at})[, trace id {trace_id}].',
    pl: 'Formularz wstrzymano i nie zapisano (pozycja kwarantanny {item_id}, widziany razy: {times_seen}, ostatnio {last_seen_at})[, trace id {trace_id}].',
  },
  event_held: {
    en: 'A journal event was held and not recorded (quarantine item {item_id}, seen {times_seen} times, last {last_seen_at})[, trace id {trace_id}].',
    pl: 'Zdarzenie dziennika wstrzymano i nie zapisano (pozycja kwarantanny {item_id}, widziane razy: {times_seen}, ostatnio {last_seen_at})[, trace id {trace_id}].',
  },
  held_no_usable_id: { en: 'Why: it has no usable id.', pl: 'Powód: brak użytecznego identyfikatora.' },
  held_not_an_object: { en: 'Why: it is no object.', pl: 'Powód: to nie jest obiekt.' },
  held_no_event_type: { en: 'Why: the event has no type.', pl: 'Powód: zdarzenie nie ma typu.' },
  held_no_order: { en: 'Why: it names no order.', pl: 'Powód: nie wskazuje zamówienia.' },
  held_line_items_lost: { en: 'Why: line items that were known are missing.', pl: 'Powód: brakuje znanych pozycji zamówienia.' },
  held_buyer_lost: { en: 'Why: the known buyer is missing.', pl: 'Powód: brakuje znanego kupującego.' },
  held_buyer_changed: { en: 'Why: it names another buyer.', pl: 'Powód: wskazuje innego kupującego.' },
  held_delivery_address_lost: { en: 'Why: the known delivery address is missing.', pl: 'Powód: brakuje znanego adresu dostawy.' },
  held_total_lost: { en: 'Why: the known total is missing.', pl: 'Powód: brakuje znanej kwoty łącznej.' },
  held_total_jumped: { en: 'Why: the total jumped.', pl: 'Powód: kwota łączna skokowo się zmieniła.' },
  held_currency_changed: { en: 'Why: the currency changed.', pl: 'Powód: zmieniła się waluta.' },
  held_foreign_seller: { en: 'Why: it belongs to another seller.', pl: 'Powód: należy do innego sprzedawcy.' },
  held_foreign_listing: { en: 'Why: it came in a list that belongs to another seller.', pl: 'Powód: przyszedł na liście należącej do innego sprzedawcy.' },
  held_breaker: {
    en: 'Why: the whole batch was too bad to be true and paused the account.',
    pl: 'Powód: cała partia była zbyt zła, by była prawdziwa, i wstrzymała konto.',
  },
  held_item_released: { en: 'Quarantine item {item_id} was released by {actor}.', pl: 'Pozycję kwarantanny {item_id} zwolnił(a) {actor}.' },
  held_item_rejected: { en: 'Quarantine item {item_id} was rejected by {actor}.', pl: 'Pozycję kwarantanny {item_id} odrzucił(a) {actor}.' },
  held_item_superseded: {
    en: 'Quarantine item {item_id} does not matter any more: a newer reading took its place.',
    pl: 'Pozycja kwarantanny {item_id} nie ma już znaczenia: zastąpił ją nowszy odczyt.',
  },
} as const satisfies Record<string, Record<Language, string>>;
