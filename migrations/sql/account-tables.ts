export const ACCOUNT_TABLES: readonly string[] = [
  // Who owns orders: the seller at Allegro as one tenant sees it. Never the token row, which comes and goes with consents.
  `create table accounts (
     id bigint generated always as identity primary key,
     tenant_id text not null check (length(tenant_id) between 1 and 64),
     environment text not null check (environment in ('production', 'sandbox')),
     allegro_user_id text not null check (allegro_user_id <> ''),
     login text,
     base_marketplace text,
     lead_token_id uuid,
     lead_generation bigint not null default 0,
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now(),
     unique (tenant_id, environment, allegro_user_id)
   )`,

  // generation rises with every stored pair; lease_* says who is spending the refresh token now; reserved_until holds a name
  // while a consent is awaited. The pair is sealed: the keys never enter the database.
  `create table tokens (
     id uuid primary key,
     tenant_id text not null check (length(tenant_id) between 1 and 64),
     account_id bigint references accounts (id),
     environment text not null check (environment in ('production', 'sandbox')),
     account_name text not null check (length(account_name) between 1 and 255),
     state text not null check (state in ('linking', 'active', 'needs_reauth', 'deactivated')),
     state_reason text,
     is_active boolean not null generated always as (state = 'active') stored,
     generation bigint not null default 0,
     access_sealed bytea,
     refresh_sealed bytea,
     expires_at timestamptz,
     scope text,
     refreshed_at timestamptz,
     lease_id uuid,
     lease_until timestamptz,
     refresh_failures int not null default 0,
     retry_at timestamptz,
     reserved_until timestamptz,
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now(),
     constraint a_live_token_has_an_account_and_a_pair check (
       state not in ('active', 'needs_reauth')
       or (account_id is not null and access_sealed is not null and refresh_sealed is not null and expires_at is not null))
   )`,
  `create unique index tokens_live_name on tokens (tenant_id, account_name) where state <> 'deactivated'`,
  `create index tokens_of_account on tokens (account_id)`,
  `create index tokens_by_expiry on tokens (expires_at) where state = 'active'`,
  `create index tokens_with_an_unfinished_refresh on tokens (coalesce(lease_until, retry_at))
     where state = 'active' and (lease_id is not null or retry_at is not null)`,
  `alter table accounts add constraint accounts_lead_token foreign key (lead_token_id) references tokens (id)`,

  // device_hash is keyed (HMAC): the code is found by it and cannot be guessed from it. The pair waits here, sealed, until
  // the seller behind it is known, because a code yields its tokens once.
  `create table device_authorizations (
     id uuid primary key,
     tenant_id text not null check (length(tenant_id) between 1 and 64),
     token_id uuid not null references tokens (id),
     expected_account_id bigint references accounts (id),
     account_name text not null,
     task_id uuid not null unique,
     device_hash bytea not null,
     device_sealed bytea,
     status text not null check (status in ('pending', 'granted', 'completed', 'failed', 'expired')),
     failure_code text,
     failure_detail text,
     interval_seconds int not null check (interval_seconds > 0),
     expires_at timestamptz not null,
     polls int not null default 0,
     poll_lease_until timestamptz,
     access_sealed bytea,
     refresh_sealed bytea,
     pair_expires_at timestamptz,
     pair_scope text,
     result jsonb,
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now()
   )`,
  `create index device_authorizations_by_code on device_authorizations (tenant_id, device_hash)`,
  `create unique index device_authorizations_open on device_authorizations (token_id) where status in ('pending', 'granted')`,
];

// Who an account is cannot be changed and nothing here can be deleted: the orders of a seller hang on these rows.
export const ACCOUNT_GRANTS: readonly string[] = [
  `grant select, insert on accounts, tokens, device_authorizations to order_service`,
  `grant update (login, base_marketplace, lead_token_id, lead_generation, updated_at) on accounts to order_service`,
  `grant update (account_id, account_name, state, state_reason, generation, access_sealed, refresh_sealed, expires_at, scope, refreshed_at,
     lease_id, lease_until, refresh_failures, retry_at, reserved_until, updated_at) on tokens to order_service`,
  `grant update (device_sealed, status, failure_code, failure_detail, interval_seconds, polls, poll_lease_until, access_sealed, refresh_sealed,
     pair_expires_at, pair_scope, result, updated_at) on device_authorizations to order_service`,
];
