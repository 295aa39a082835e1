/** The parts of the interface, in the order in which the documentation shows them. */
export const TAGS: Readonly<Record<string, string>> = {
  linking: 'Connecting an Allegro account by device code.',
  tokens: 'The connected accounts of a tenant, and their tokens.',
  sync: 'Reading orders from Allegro: at once, periodically, and as tasks.',
  orders: 'Orders, their search, history, statistics, flags and claims.',
  changes: 'What changed, as a list to wait at and as a stream.',
  webhooks: 'What changed, sent to an address.',
  exports: 'Orders as files.',
  quarantine: 'Readings that a person has to judge before they change anything.',
  'failed orders': 'Orders that could not be read, and why.',
  restore: 'Putting orders back as they were.',
  integrity: 'The proof that nothing in the log was changed.',
  erasures: 'Erasing buyers.',
  monitoring: 'How current the accounts are, and what needs attention.',
  audit: 'Who did what.',
  settings: 'What operators set while the service runs.',
  keys: 'Keys of programs that call this interface.',
};
