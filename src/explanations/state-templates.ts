import type { Language } from './sentence-templates.js';

/** What an explanation says of now and of what comes; as the templates of the past. */
export const STATE_TEMPLATES = {
  now_known: { en: 'Now: status {status}, version {version}.', pl: 'Teraz: status {status}, wersja {version}.' },
  now_without_form: {
    en: 'Now: the order was announced, but no form of it was recorded.',
    pl: 'Teraz: zamówienie ogłoszono, ale nie zapisano żadnego jego formularza.',
  },
  now_unrecorded: { en: 'Now: nothing of the order is recorded.', pl: 'Teraz: o zamówieniu nic nie zapisano.' },
  now_keeps: {
    en: 'It shows values that the freshest form lacks: {paths}.',
    pl: 'Pokazuje wartości, których brakuje w najświeższym formularzu: {paths}.',
  },
  now_replaced: {
    en: 'It stands in no list any more: order {order_id} replaced it.',
    pl: 'Nie ma go już na listach: zastąpiło je zamówienie {order_id}.',
  },
  now_flags_disagree: {
    en: 'The flags of the orders that were put together disagreed: a person has to look.',
    pl: 'Flagi połączonych zamówień były sprzeczne: musi na to spojrzeć człowiek.',
  },
  stock_is_booked: { en: 'The stock is booked.', pl: 'Stan magazynu jest zaktualizowany.' },
  stock_is_open: { en: 'The stock is not booked yet.', pl: 'Stan magazynu nie jest jeszcze zaktualizowany.' },
  invoice_is_made: { en: 'The invoice is made.', pl: 'Faktura jest wystawiona.' },
  invoice_is_open: { en: 'The invoice is not made yet.', pl: 'Faktura nie jest jeszcze wystawiona.' },
  claimed: {
    en: '{actor} has claimed it for {purpose} until {expires_at}.',
    pl: '{actor} zarezerwował(a) je do {purpose}, ważne do {expires_at}.',
  },

  webhook_owed: {
    en: 'Next: webhook {webhook_id}[ ({webhook_name})] is told {event_type}[ of version {about_version}] at {next_attempt_at} ({attempts} attempts so far[, the last: {last_outcome}][, status {last_status}]).',
    pl: 'Dalej: webhook {webhook_id}[ ({webhook_name})] otrzyma {event_type}[ o wersji {about_version}] {next_attempt_at} (dotychczasowych prób: {attempts}[, ostatnia: {last_outcome}][, status {last_status}]).',
  },
  waits_for_decision: {
    en: 'Next: somebody releases or rejects what is held ({count} items).',
    pl: 'Dalej: ktoś zwolni lub odrzuci to, co wstrzymano (pozycji: {count}).',
  },
  owed_dirty: {
    en: 'Next: the form is read when the sync of the account goes on, not before {next_try_at}.',
    pl: 'Dalej: formularz zostanie odczytany, gdy synchronizacja konta ruszy, nie wcześniej niż {next_try_at}.',
  },
  owed_unavailable: {
    en: 'Next: the form is tried again at {next_try_at}; Allegro did not answer ({attempts} attempts[, status {allegro_status}][, trace id {trace_id}]).',
    pl: 'Dalej: ponowna próba odczytu formularza {next_try_at}; Allegro nie odpowiedziało (prób: {attempts}[, status {allegro_status}][, trace id {trace_id}]).',
  },
  owed_missing: {
    en: 'Next: the form is tried again at {next_try_at}; Allegro says that it does not exist ({attempts} attempts[, trace id {trace_id}]).',
    pl: 'Dalej: ponowna próba odczytu formularza {next_try_at}; według Allegro nie istnieje (prób: {attempts}[, trace id {trace_id}]).',
  },
  owed_forbidden: {
    en: 'Next: the form is tried again at {next_try_at}; Allegro refused to show it ({attempts} attempts[, trace id {trace_id}]).',
    pl: 'Dalej: ponowna próba odczytu formularza {next_try_at}; Allegro odmówiło jego pokazania (prób: {attempts}[, trace id {trace_id}]).',
  },
  owed_malformed: {
    en: 'Next: the form is tried again at {next_try_at}; the answer of Allegro made no sense ({attempts} attempts[, trace id {trace_id}]).',
    pl: 'Dalej: ponowna próba odczytu formularza {next_try_at}; odpowiedź Allegro nie miała sensu (prób: {attempts}[, trace id {trace_id}]).',
  },
  owed_unreadable: {
    en: 'Next: the form is tried again at {next_try_at}; it could not be stored ({attempts} attempts[, trace id {trace_id}]).',
    pl: 'Dalej: ponowna próba odczytu formularza {next_try_at}; nie dało się go zapisać (prób: {attempts}[, trace id {trace_id}]).',
  },
  owed_put_aside: {
    en: 'It failed again and again while others could be read, so it is put aside since {parked_at} and tried less often.',
    pl: 'Zawodziło raz za razem, choć inne dało się odczytać, więc od {parked_at} jest odłożone i próbowane rzadziej.',
  },
  account_paused: {
    en: 'Next: no order of the account is read until somebody resumes it (its journal still is); paused since {paused_at} ({causes}).',
    pl: 'Dalej: żadne zamówienie z konta nie jest odczytywane, dopóki ktoś go nie wznowi (dziennik nadal jest); wstrzymane od {paused_at} ({causes}).',
  },
  account_needs_linking: {
    en: 'Next: the seller has to link the account again; no token of it works.',
    pl: 'Dalej: sprzedawca musi ponownie połączyć konto; żaden jego token nie działa.',
  },
  next_sync: {
    en: 'Next: the account is synced every {interval_minutes} minutes[, next at {next_run_at}].',
    pl: 'Dalej: konto jest synchronizowane co {interval_minutes} min[, następnym razem {next_run_at}].',
  },
  schedule_fails: {
    en: 'The scheduled sync failed {failures} times in a row.',
    pl: 'Zaplanowana synchronizacja nie powiodła się kolejno razy: {failures}.',
  },
  no_schedule: {
    en: 'Next: nothing by itself; the automatic sync of the account is off.',
    pl: 'Dalej: nic samo z siebie; automatyczna synchronizacja konta jest wyłączona.',
  },
} as const satisfies Record<string, Record<Language, string>>;
