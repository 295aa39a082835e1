/** A span of time as one key of the search: days for what is common, weeks for what is rarer. */
const SPAN = (letter: string, seconds: number) =>
  `'@' || account_id::text || '/${letter}' || floor(extract(epoch from ordered_at at time zone 'UTC') / ${String(seconds)})::bigint::text`;

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 604_800;

/** What ends a word: all but letters, as far as it is common. Folded text has no capital letters and no marks. */
const NO_LETTERS = `.,;:!?@+-_/\\|()[]{}<>"''\`~*#%&=^$0123456789„”“’–—…«»•·°×®™§`;

/** An order that was replaced is found by its whole id only, so its words are nobody's. */
const TEXT_OF = (row: string) => `case when ${row}.is_replaced then '' else ${row}.text end`;

const TRIGGER = 'language plpgsql security definer set search_path = public, pg_temp';

/** Words come and go by turns within an account: two orders that lose the same word at once would each take the other's for a reason to keep it. */
const TURN = `hashtextextended('order_words:' || r.account_id, 0)`;

/**
 * What a search needs is in one row: place in time, keys, text. `keys`: the account, the day and week of the purchase, and the codes. Inside
 * one index with the trigrams they narrow a search to an account and to a span of time without reading a row.
 */
export const SEARCH_KEYS: readonly string[] = [
  `alter table order_search add column ordered_at timestamptz, add column is_replaced boolean not null default false`,
  `update order_search s set ordered_at = o.ordered_at, is_replaced = o.merged_into is not null from orders o where o.stream_id = s.stream_id`,
  `delete from order_search where ordered_at is null`,
  `alter table order_search alter column ordered_at set not null,
     add column keys text[] not null generated always as (case when is_replaced then '{}'::text[]
       else array['@' || account_id::text, ${SPAN('d', DAY_SECONDS)}, ${SPAN('w', WEEK_SECONDS)}] || codes end) stored`,
  `create index order_search_page on order_search (account_id, ordered_at desc, stream_id desc) where not is_replaced`,
  `create index order_search_trigrams on order_search using gin (keys, text gin_trgm_ops)`,
  `create function mark_replaced_search() returns trigger ${TRIGGER} as $$
   begin
     update order_search set is_replaced = new.merged_into is not null where stream_id = new.stream_id and is_replaced <> (new.merged_into is not null);
     return null;
   end $$`,
  `create trigger mark_replaced_search after update of merged_into on orders for each row
     when ((old.merged_into is null) <> (new.merged_into is null)) execute function mark_replaced_search()`,
  `revoke all on function mark_replaced_search() from public`,
];

/**
 * The vocabulary of each account, by which slips are put right: every word of letters in the text of an order that is not replaced.
 * Kept in the writer's transaction; a word that no order has any longer is gone with the last one. The planner keeps no sample of it.
 */
export const SEARCH_WORDS: readonly string[] = [
  `create table order_words (
     account_id bigint not null,
     word text collate "C" not null,
     primary key (account_id, word)
   )`,
  `alter table order_words alter column word set statistics 0`,
  `create index order_words_trigrams on order_words using gin ((array[account_id]), word gin_trgm_ops)`,

  // Without the head of the id. Only letters, each word between spaces; of what is longer than any word of a language nobody's slip is put right.
  `create function words_text(p_text text) returns text language sql immutable parallel safe as $$
     select ' ' || translate(substr(p_text, strpos(p_text || ' ', ' ')), '${NO_LETTERS}', repeat(' ', 100)) || ' ' $$`,
  `create function search_words(p_text text) returns setof text language sql immutable parallel safe as $$
     select distinct w from string_to_table(words_text(p_text), ' ') w where length(w) between 3 and 40 $$`,
  `insert into order_words select distinct s.account_id, w from order_search s, search_words(${TEXT_OF('s')}) w`,

  `create function add_search_words() returns trigger ${TRIGGER} as $$
   declare r record; begin
     for r in select distinct account_id from added loop
       perform pg_advisory_xact_lock_shared(${TURN});
     end loop;
     insert into order_words select distinct a.account_id, w from added a, search_words(${TEXT_OF('a')}) w order by 1, 2 on conflict do nothing;
     return null;
   end $$`,
  // Rare: an order seldom loses a word. A common one is found again among the newest orders, any other by the index.
  `create function replace_search_words() returns trigger ${TRIGGER} as $$
   declare r record; begin
     for r in select w.account_id, array_agg(w.word order by w.word) as words from (
         select o.account_id, x as word from old_rows o, search_words(${TEXT_OF('o')}) x
         except select n.account_id, x from new_rows n, search_words(${TEXT_OF('n')}) x) w group by w.account_id order by w.account_id loop
       perform pg_advisory_xact_lock(${TURN});
       delete from order_words where account_id = r.account_id and word in (
         select w from unnest(r.words) w where not held_search_word(r.account_id, w));
     end loop;
     insert into order_words select n.account_id, x from new_rows n, search_words(${TEXT_OF('n')}) x
       except select o.account_id, x from old_rows o, search_words(${TEXT_OF('o')}) x order by 1, 2 on conflict do nothing;
     return null;
   end $$`,
  `create function held_search_word(p_account bigint, p_word text) returns boolean language plpgsql stable set search_path = public, pg_temp as $$
   begin
     return exists (select from (select text from order_search where account_id = p_account and not is_replaced
                                 order by ordered_at desc, stream_id desc limit 2000) s
         where s.text like '%' || p_word || '%' and words_text(s.text) like '% ' || p_word || ' %')
       or exists (select from order_search s where s.keys @> array['@' || p_account] and s.text like '%' || p_word || '%'
                  and s.account_id + 0 = p_account and words_text(s.text) like '% ' || p_word || ' %');
   end $$`,
  `create trigger add_search_words after insert on order_search referencing new table as added
     for each statement execute function add_search_words()`,
  `create trigger replace_search_words after update on order_search referencing old table as old_rows new table as new_rows
     for each statement execute function replace_search_words()`,

  // Of a word with a slip in it the trigrams that stay are few: 0.2 finds two swapped letters among four. The caller compares letter by letter.
  `create function nearest_words(p_account bigint, p_word text, p_limit int) returns setof text language plpgsql stable
     set search_path = public, pg_temp set pg_trgm.similarity_threshold = 0.2 set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
   begin
     return query select w.word collate "default" from order_words w where array[w.account_id] @> array[p_account] and w.word % p_word
       order by similarity(w.word, p_word) desc, w.word limit p_limit;
   end $$`,
  `revoke all on function words_text(text), search_words(text), add_search_words(), replace_search_words(), held_search_word(bigint, text),
     nearest_words(bigint, text, int) from public`,
  `grant execute on function nearest_words(bigint, text, int) to order_service`,
  `grant select on order_words to order_service`,
  `do $$ begin
     if current_setting('server_version_num')::int >= 170000 then execute 'grant maintain on order_words to order_service'; end if;
   end $$`,
];
