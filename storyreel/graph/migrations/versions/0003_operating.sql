-- Operating: shots that follow shots, batches that were asked for in words, schedules, workers, and what a call was for.

alter table work_item add column follows_id uuid;
alter table work_item add constraint work_item_follows foreign key (workspace_id, follows_id) references work_item (workspace_id, id);
create index work_item_following on work_item (workspace_id, follows_id) where follows_id is not null;

alter table batch add column selector jsonb not null default '{}';
alter table batch add column schedule_id uuid;
alter table batch add column skipped jsonb not null default '{}';
alter table batch add column shots uuid[] not null default '{}';
alter table batch add column asked integer not null default 0 check (asked between 0 and cardinality(shots));
create table batch_task (
    workspace_id uuid not null,
    batch_id uuid not null,
    task_id uuid not null,
    absorbed boolean not null default false,
    primary key (workspace_id, batch_id, task_id),
    foreign key (workspace_id, batch_id) references batch (workspace_id, id),
    foreign key (workspace_id, task_id) references task (workspace_id, id)
);
create index batch_task_of_task on batch_task (workspace_id, task_id);
insert into batch_task (workspace_id, batch_id, task_id) select workspace_id, batch_id, id from task where batch_id is not null;

alter table task add column needs jsonb not null default '{}';
alter table task add column adjusted jsonb not null default '[]';

-- A provider that a person holds in a workspace: nothing new is sent to it until it is let go.
create table provider_pause (
    workspace_id uuid not null references workspace (id),
    provider text not null check (provider <> ''),
    paused_by text not null,
    reason text not null default '',
    at timestamptz not null default now(),
    primary key (workspace_id, provider)
);

-- When the next call of a provider may leave, for the whole installation: every worker takes its turn here.
create table provider_turn (
    provider text primary key,
    next_at timestamptz not null default now()
);

-- An envelope that is carried out at a time, or again and again. Temporal's schedule of the same id says when.
create table schedule (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    title text not null default '',
    envelope jsonb not null,
    -- A cron line or a moment; the other is empty.
    cron text not null default '',
    at timestamptz,
    time_zone text not null default 'UTC',
    state text not null default 'active' check (state in ('active', 'paused', 'cancelled', 'done')),
    asked_by text not null,
    created_at timestamptz not null default now(),
    last_at timestamptz,
    last_said text not null default '',
    primary key (workspace_id, id),
    check ((cron <> '') <> (at is not null))
);

-- LEDGER of the installation: the worker processes there are; one that is not seen for a while is dead.
create table worker (
    id uuid primary key,
    host text not null,
    process_id integer not null,
    queues text[] not null,
    version text not null,
    build_id text not null default '',
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    -- How far its clock is from the database's, and what it says of itself: {disk_free_mb, memory_free_mb, slots, draining}
    clock_off_s real not null default 0,
    facts jsonb not null default '{}'
);

-- LEDGER of the installation: the backups that were finished; the newest says how old the last one is.
create table backup (
    id text primary key,
    -- Where it lies: a folder or s3://bucket/prefix.
    place text not null,
    started_at timestamptz not null,
    finished_at timestamptz not null default now(),
    size_bytes bigint not null default 0,
    -- {assets, copied, missing, point_in_time}
    facts jsonb not null default '{}'
);

alter table provider_job add column person text not null default '';
alter table provider_job add column month text not null default '';
alter table provider_job add column trace jsonb not null default '{}';
alter table provider_job add column answer jsonb;

-- A person goes without what failed.
insert into transition (entity, from_state, to_state) values ('task', 'failed', 'cancelled');

-- What was set: how much the whole workspace ('' as the person) or one person may spend, for always or in each month. Above `ask_usd`
-- a person is asked, above `limit_usd` nothing is bought.
create table budget_rule (
    workspace_id uuid not null references workspace (id),
    person text not null default '',
    period text not null default 'always' check (period in ('always', 'month')),
    limit_usd numeric(14, 6) check (limit_usd >= 0),
    ask_usd numeric(14, 6) check (ask_usd >= 0),
    primary key (workspace_id, person, period),
    check (num_nonnulls(limit_usd, ask_usd) > 0)
);
insert into budget_rule (workspace_id, limit_usd) select workspace_id, limit_usd from budget where limit_usd is not null;

-- A budget was one row; it is now the account of the whole workspace for always, beside those of persons and months.
alter table budget add column person text not null default '';
alter table budget add column month text not null default '';
alter table budget drop constraint budget_pkey;
alter table budget add primary key (workspace_id, person, month);

-- Every change of what is held or was spent, written in the statement that moves its call, and never changed after. The sum of a call's
-- entries is what it holds while it is open and what it cost once it is closed.
create table money (
    workspace_id uuid not null references workspace (id),
    id bigint generated always as identity,
    job_id uuid not null,
    -- reserve: what is held before it is sent; settle: up or down to what it cost; release: back, but for what the vendor keeps.
    kind text not null check (kind in ('reserve', 'settle', 'release')),
    usd numeric(14, 6) not null,
    -- What the vendor took beyond that and no limit had room for: owed all the same, and in no account.
    over_usd numeric(14, 6) not null default 0 check (over_usd >= 0),
    at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id),
    foreign key (workspace_id, job_id) references provider_job (workspace_id, id),
    check (kind <> 'reserve' or usd >= 0),
    check (kind <> 'release' or usd <= 0)
);
-- A call is reserved once and closed once.
create unique index money_once on money (workspace_id, job_id, (kind = 'reserve'));

create function hold_money() returns trigger language plpgsql as $$
begin
    raise exception 'an entry of the ledger is never changed' using errcode = 'check_violation';
end
$$;
create trigger money_entry before update on money for each row execute function hold_money();
-- What calls held and cost so far.
insert into money (workspace_id, job_id, kind, usd, at)
select workspace_id, job_id, kind, usd, at from (
    select workspace_id, id as job_id, 'reserve' as kind, reserved_usd as usd, created_at as at from provider_job where reserved_usd > 0
    union all
    select workspace_id, id, case state when 'settled' then 'settle' else 'release' end, coalesce(settled_usd, 0) - reserved_usd, updated_at
    from provider_job where reserved_usd > 0 and state in ('settled', 'failed', 'cancelled')
) entry order by at, kind;
