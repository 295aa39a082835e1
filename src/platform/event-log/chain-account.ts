/** For a query over `event_log.streams s`. */
export const CHAIN_OF_STREAM = 'left join event_log.stream_origins o on o.stream_id = s.stream_id';

/** The account as the hashes of stream `s` name it: that of the installation where it was born. */
export const CHAIN_ACCOUNT_OF_STREAM = 'coalesce(o.chain_account_id, s.account_id)';

/** For a query over `event_log.order_events e`. */
export const CHAIN_OF_EVENT = `left join event_log.streams s on s.stream_id = e.stream_id ${CHAIN_OF_STREAM}`;

/** As for its stream; an event whose row names another account than its stream must not read as one of it, whatever that account's number is. */
export const CHAIN_ACCOUNT_OF_EVENT = `case when e.account_id = s.account_id then ${CHAIN_ACCOUNT_OF_STREAM} else -e.account_id end`;
