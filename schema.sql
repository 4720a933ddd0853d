-- The truth about Storyreel's data. Migrations are held equal to this file by a test, and the tables in Python are generated from it.
--
-- Two kinds of table:
--   GRAPH   what is wanted and what is chosen. Changed only through storyreel.commits, logged field by field in `op`, undoable.
--           A delete is `removed = true`; a row leaves for good only in a purge.
--   LEDGER  what happened. Moves only forward, by compare-and-set, and is never undone.
-- Every table is keyed (workspace_id, id) and every foreign key carries workspace_id, so that a row of another workspace cannot be
-- referenced even by a bug. Lengths are whole frames at the workspace's rate. Money is in US dollars to a millionth.

create extension if not exists vector;

-- The agent's checkpoints live here; LangGraph makes its own tables in it, so the application may create in this schema alone.
create schema if not exists agent;
do $$
begin
    if exists (select from pg_roles where rolname = 'storyreel_app') then
        grant usage, create on schema agent to storyreel_app;
    end if;
end
$$;

create type workspace_kind as enum ('narrative_project', 'draft_space');
create type workspace_state as enum ('draft', 'in_progress', 'completed', 'archived');
create type work_item_kind as enum ('shot', 'draft');
-- draft -> locked | approved, and back; a batch skips what is locked or approved and says so.
create type work_item_status as enum ('draft', 'locked', 'approved');
create type track_kind as enum ('picture', 'video', 'voice', 'music', 'sfx');
create type node_kind as enum ('prompt_plan', 'grid', 'image', 'video', 'voice', 'music', 'sfx', 'final', 'film', 'edit', 'note');
create type reference_role as enum ('image', 'style', 'character', 'scene', 'audio', 'video');
-- A shot's run, an episode's cut, or a sheet: pictures of a draft, a character or a scene look, which no film waits for.
create type task_kind as enum ('shot', 'cut', 'sheet');
-- pending -> running -> succeeded | failed | manual_review; running -> retry_pending -> running; pending | retry_pending <-> paused;
-- any open state -> cancelling -> cancelled, or succeeded when the cancel came late. failed | manual_review | cancelled -> pending (retry);
-- failed | manual_review -> cancelled (a person goes without it).
create type task_state as enum (
    'pending', 'running', 'paused', 'retry_pending', 'cancelling', 'succeeded', 'failed', 'cancelled', 'manual_review'
);
-- reserved -> sending -> submitted -> settled | failed | cancelled; sending -> unknown when the process died between the two.
create type job_state as enum ('reserved', 'sending', 'submitted', 'settled', 'failed', 'cancelled', 'unknown');
create type proposal_state as enum ('open', 'approved', 'rejected', 'expired');
create type op_kind as enum ('insert', 'change');

-- GRAPH ----------------------------------------------------------------------------------------------------------------------

create table workspace (
    id uuid primary key,
    kind workspace_kind not null default 'narrative_project',
    name text not null check (name <> ''),
    state workspace_state not null default 'draft',
    -- genre, audience, platform, aspect, resolution, language, palette, style, music and subtitle style, rules, providers, selection
    profile jsonb not null default '{}',
    fps integer not null default 24 check (fps between 1 and 120),
    removed boolean not null default false,
    -- The number of commits so far; locking this row is the workspace's lock. Not logged.
    revision bigint not null default 0 check (revision >= 0),
    created_at timestamptz not null default now()
);

create table episode (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    title text not null default '',
    language text not null default 'en',
    brief text not null default '',
    order_key text collate "C" not null check (order_key <> ''),
    film_node_id uuid,
    removed boolean not null default false,
    primary key (workspace_id, id)
);

create table scene (
    workspace_id uuid not null,
    id uuid not null,
    episode_id uuid not null,
    order_key text collate "C" not null check (order_key <> ''),
    title text not null default '',
    -- goal, place, time, weather, mood, pace, emotional curve: what its shots inherit
    spec jsonb not null default '{}',
    removed boolean not null default false,
    primary key (workspace_id, id),
    foreign key (workspace_id, episode_id) references episode (workspace_id, id)
);
create index scene_order on scene (workspace_id, episode_id, order_key) where not removed;

create table board (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    title text not null default '',
    order_key text collate "C" not null check (order_key <> ''),
    removed boolean not null default false,
    -- What the drafts on it are of; free is anything.
    kind text not null default 'free' check (kind in ('free', 'characters', 'scenes', 'styles')),
    primary key (workspace_id, id)
);

create table script (
    workspace_id uuid not null,
    id uuid not null,
    episode_id uuid not null,
    version integer not null check (version >= 1),
    language text not null,
    format text not null check (format in ('fountain', 'markdown', 'prose', 'outline')),
    source text not null,
    structure jsonb not null default '{}',
    removed boolean not null default false,
    primary key (workspace_id, id),
    unique (workspace_id, episode_id, language, version),
    foreign key (workspace_id, episode_id) references episode (workspace_id, id)
);

create table work_item (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    kind work_item_kind not null,
    scene_id uuid,
    board_id uuid,
    order_key text collate "C" not null check (order_key <> ''),
    -- A name that never changes when numbers do.
    label text not null check (label <> ''),
    frames integer not null check (frames >= 1),
    spec jsonb not null default '{}',
    -- Fields of the spec that an action may not change: {"picture.place": "reason"}
    locks jsonb not null default '{}',
    status work_item_status not null default 'draft',
    script_id uuid,
    span_start integer,
    span_end integer,
    picture_node_id uuid,
    video_node_id uuid,
    voice_node_id uuid,
    music_node_id uuid,
    sfx_node_id uuid,
    final_node_id uuid,
    removed boolean not null default false,
    -- The shot whose last frame this one begins with; it is rendered after that one.
    follows_id uuid,
    primary key (workspace_id, id),
    foreign key (workspace_id, scene_id) references scene (workspace_id, id),
    foreign key (workspace_id, board_id) references board (workspace_id, id),
    foreign key (workspace_id, script_id) references script (workspace_id, id),
    -- A shot stands in a scene, a draft on a board.
    check ((kind = 'shot') = (scene_id is not null)),
    check ((kind = 'draft') = (board_id is not null)),
    check ((span_start is null) = (span_end is null)),
    check (span_start >= 0 and span_end >= span_start)
);
alter table work_item add constraint work_item_follows foreign key (workspace_id, follows_id) references work_item (workspace_id, id);
create index work_item_order on work_item (workspace_id, scene_id, order_key) where not removed;
create index work_item_board_order on work_item (workspace_id, board_id, order_key) where not removed;
create index work_item_following on work_item (workspace_id, follows_id) where follows_id is not null;
create unique index work_item_label on work_item (workspace_id, label);

create table character (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    name text not null check (name <> ''),
    aliases jsonb not null default '[]',
    look jsonb not null default '{}',
    voice jsonb not null default '{}',
    personality text not null default '',
    speaking text not null default '',
    locks jsonb not null default '{}',
    picture_node_id uuid,
    removed boolean not null default false,
    -- How alike it must stay, and by which means: {level, method}
    consistency jsonb not null default '{}',
    primary key (workspace_id, id)
);
create unique index character_name on character (workspace_id, lower(name)) where not removed;

create table world_setting (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    version integer not null default 1 check (version >= 1),
    name text not null check (name <> ''),
    body text not null default '',
    removed boolean not null default false,
    primary key (workspace_id, id)
);

-- A place or a thing that stays the same from shot to shot. Its sheets are nodes; the selected one is what shots are drawn with the
-- help of.
create table scene_look (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    kind text not null default 'place' check (kind in ('place', 'prop')),
    name text not null check (name <> ''),
    aliases jsonb not null default '[]',
    -- description, time, weather, light, palette, style
    spec jsonb not null default '{}',
    locks jsonb not null default '{}',
    picture_node_id uuid,
    removed boolean not null default false,
    primary key (workspace_id, id)
);
create unique index scene_look_name on scene_look (workspace_id, kind, lower(name)) where not removed;

-- A manner that can be applied to a project, a scene or a shot: palette, texture, camera language, parts of a prompt, a sample.
create table style_preset (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    name text not null check (name <> ''),
    spec jsonb not null default '{}',
    removed boolean not null default false,
    primary key (workspace_id, id)
);
create unique index style_preset_name on style_preset (workspace_id, lower(name)) where not removed;

-- Words of a prompt with {variables} that are filled when it is used.
create table prompt_template (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    name text not null check (name <> ''),
    body text not null check (body <> ''),
    -- What a variable is when nobody says: {name: words}
    defaults jsonb not null default '{}',
    removed boolean not null default false,
    primary key (workspace_id, id)
);
create unique index prompt_template_name on prompt_template (workspace_id, lower(name)) where not removed;

-- One fact that is kept for later talk, what it is about, and where it came from.
create table memory (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    -- project, or the table of the row that it is about
    about text not null default 'project' check (about in ('project', 'character', 'scene_look', 'scene', 'episode', 'work_item')),
    about_id uuid,
    kind text not null default 'fact' check (kind in ('fact', 'preference', 'decision', 'note')),
    fact text not null check (fact <> ''),
    -- {turn_id | revision | actor, quote}
    source jsonb not null default '{}',
    removed boolean not null default false,
    primary key (workspace_id, id),
    check ((about = 'project') = (about_id is null))
);
create index memory_about on memory (workspace_id, about, about_id) where not removed;

-- A view of the project as a person laid it out. Its nodes only refer; nothing in it is truth.
create table canvas (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    kind text not null check (kind in ('planning', 'production', 'composition', 'reference', 'grid_group', 'pick')),
    name text not null check (name <> ''),
    -- {nodes: {id: {type, ref, x, y, text}}, edges: {id: {from, to, kind}}}
    body jsonb not null default '{}',
    removed boolean not null default false,
    primary key (workspace_id, id)
);

-- Who is in a shot, and how.
create table work_item_character (
    workspace_id uuid not null,
    id uuid not null,
    work_item_id uuid not null,
    character_id uuid not null,
    order_key text collate "C" not null check (order_key <> ''),
    action text not null default '',
    emotion text not null default 'neutral',
    removed boolean not null default false,
    primary key (workspace_id, id),
    foreign key (workspace_id, work_item_id) references work_item (workspace_id, id),
    foreign key (workspace_id, character_id) references character (workspace_id, id)
);
create unique index work_item_character_once on work_item_character (workspace_id, work_item_id, character_id) where not removed;
create index work_item_character_where on work_item_character (workspace_id, character_id) where not removed;

-- LEDGER, before the graph tables that point at it: bytes by content. `id` is their SHA-256 in hex.
create table asset (
    workspace_id uuid not null references workspace (id),
    id text collate "C" not null check (id ~ '^[0-9a-f]{64}$'),
    media_type text not null,
    size_bytes bigint not null check (size_bytes >= 0),
    width_px integer,
    height_px integer,
    duration_s double precision,
    name text not null default '',
    created_at timestamptz not null default now(),
    -- Where it came from: {by: upload | url | folder | bucket | provider, from, actor}
    source jsonb not null default '{}',
    -- What a picture looks like, whoever made it: light and colour in a coarse grid, and low frequencies. Near is alike.
    perceptual vector(96),
    -- What a configured provider says it shows; its length is the provider's.
    embedding vector,
    embedding_model text not null default '',
    primary key (workspace_id, id)
);
create index asset_perceptual on asset using hnsw (perceptual vector_l2_ops);

-- What a person says of an asset.
create table asset_card (
    workspace_id uuid not null,
    id uuid not null,
    asset_id text collate "C" not null,
    title text not null default '',
    tags jsonb not null default '[]',
    note text not null default '',
    removed boolean not null default false,
    primary key (workspace_id, id),
    foreign key (workspace_id, asset_id) references asset (workspace_id, id)
);
create unique index asset_card_once on asset_card (workspace_id, asset_id) where not removed;

-- LEDGER: a file on its way in, piece by piece. `received_bytes` only grows; a finished one names its asset.
create table upload (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    name text not null default '',
    size_bytes bigint not null check (size_bytes > 0),
    received_bytes bigint not null default 0 check (received_bytes between 0 and size_bytes),
    asset_id text collate "C",
    actor text not null default '',
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, asset_id) references asset (workspace_id, id)
);

create table work_item_asset (
    workspace_id uuid not null,
    id uuid not null,
    work_item_id uuid not null,
    asset_id text collate "C" not null,
    role reference_role not null,
    removed boolean not null default false,
    -- Where it was borrowed from, if from a node: the node, and as people call it ("track B, #7").
    node_id uuid,
    note text not null default '',
    primary key (workspace_id, id),
    foreign key (workspace_id, work_item_id) references work_item (workspace_id, id),
    foreign key (workspace_id, asset_id) references asset (workspace_id, id)
);
create index work_item_asset_of on work_item_asset (workspace_id, work_item_id) where not removed;
create index work_item_asset_where on work_item_asset (workspace_id, asset_id) where not removed;

-- One line of exploration. The main track is the one that holds the selected picture: derived, never stored.
create table track (
    workspace_id uuid not null,
    id uuid not null,
    work_item_id uuid not null,
    kind track_kind not null,
    name text not null,
    origin_node_id uuid,
    removed boolean not null default false,
    primary key (workspace_id, id),
    foreign key (workspace_id, work_item_id) references work_item (workspace_id, id)
);
-- Pictures may have many tracks; motion and sound keep one chain.
create unique index track_single on track (workspace_id, work_item_id, kind) where kind <> 'picture' and not removed;
create index track_of on track (workspace_id, work_item_id);

-- One made thing. `parent_id` is lineage: made from. Its content never changes; only its marks do.
create table node (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    kind node_kind not null,
    -- Exactly one owner.
    work_item_id uuid,
    character_id uuid,
    episode_id uuid,
    track_id uuid,
    parent_id uuid,
    stage text not null default '',
    key text not null default '',
    take integer not null default 0 check (take >= 0),
    -- The place of a cell in its grid, from 0 in reading order.
    cell integer check (cell >= 0),
    asset_id text collate "C",
    -- The stage's frozen request.
    request jsonb not null default '{}',
    -- What happened to be so: provider, model, seed, score, heads, words, notes, cost.
    facts jsonb not null default '{}',
    favourite boolean not null default false,
    pinned boolean not null default false,
    discarded boolean not null default false,
    to_compare boolean not null default false,
    removed boolean not null default false,
    created_at timestamptz not null default now(),
    scene_look_id uuid,
    -- Its place among all nodes of the workspace, in the order they came: what a person counts by ("track B, #7").
    seq bigint generated always as identity,
    primary key (workspace_id, id),
    unique (workspace_id, work_item_id, id),
    unique (workspace_id, episode_id, id),
    unique (workspace_id, character_id, id),
    unique (workspace_id, scene_look_id, id),
    constraint node_one_owner check (num_nonnulls(work_item_id, character_id, episode_id, scene_look_id) = 1),
    check (parent_id is distinct from id),
    foreign key (workspace_id, work_item_id) references work_item (workspace_id, id),
    foreign key (workspace_id, character_id) references character (workspace_id, id),
    foreign key (workspace_id, episode_id) references episode (workspace_id, id),
    foreign key (workspace_id, track_id) references track (workspace_id, id),
    foreign key (workspace_id, parent_id) references node (workspace_id, id),
    foreign key (workspace_id, asset_id) references asset (workspace_id, id),
    foreign key (workspace_id, scene_look_id) references scene_look (workspace_id, id)
);
create index node_of_work_item on node (workspace_id, work_item_id, kind);
create index node_of_episode on node (workspace_id, episode_id) where episode_id is not null;
create index node_children on node (workspace_id, parent_id);
create index node_of_track on node (workspace_id, track_id, seq);
create index node_of_character on node (workspace_id, character_id) where character_id is not null;
create index node_of_scene_look on node (workspace_id, scene_look_id) where scene_look_id is not null;
create index node_where_asset on node (workspace_id, asset_id);

alter table track add foreign key (workspace_id, origin_node_id) references node (workspace_id, id);
alter table work_item_asset add foreign key (workspace_id, node_id) references node (workspace_id, id);
-- What a shot has selected is its own node, never a neighbour's.
alter table work_item
    add foreign key (workspace_id, id, picture_node_id) references node (workspace_id, work_item_id, id),
    add foreign key (workspace_id, id, video_node_id) references node (workspace_id, work_item_id, id),
    add foreign key (workspace_id, id, voice_node_id) references node (workspace_id, work_item_id, id),
    add foreign key (workspace_id, id, music_node_id) references node (workspace_id, work_item_id, id),
    add foreign key (workspace_id, id, sfx_node_id) references node (workspace_id, work_item_id, id),
    add foreign key (workspace_id, id, final_node_id) references node (workspace_id, work_item_id, id);
alter table episode add foreign key (workspace_id, id, film_node_id) references node (workspace_id, episode_id, id);
alter table character add constraint character_own_picture
    foreign key (workspace_id, id, picture_node_id) references node (workspace_id, character_id, id);
alter table scene_look add constraint scene_look_own_picture
    foreign key (workspace_id, id, picture_node_id) references node (workspace_id, scene_look_id, id);

-- Lineage is a tree because a node is made from what is there already, and is never made from anything else afterwards.
create function hold_node() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if (old.kind, old.work_item_id, old.character_id, old.episode_id, old.scene_look_id, old.parent_id, old.stage, old.key,
            old.take, old.cell, old.asset_id, old.request)
            is distinct from (new.kind, new.work_item_id, new.character_id, new.episode_id, new.scene_look_id, new.parent_id,
            new.stage, new.key, new.take, new.cell, new.asset_id, new.request) then
            raise exception 'what a node is never changes; only its marks do' using errcode = 'check_violation';
        end if;
    elsif new.parent_id is not null and not exists (
        select from node where workspace_id = new.workspace_id and id = new.parent_id
    ) then
        raise exception 'a node is made from a node that is there: % is not', new.parent_id using errcode = 'foreign_key_violation';
    end if;
    return new;
end
$$;
create trigger node_content before insert or update on node for each row execute function hold_node();

-- Reference: made with the help of.
create table node_ref (
    workspace_id uuid not null,
    id uuid not null,
    node_id uuid not null,
    source_node_id uuid,
    source_asset_id text collate "C",
    role reference_role not null,
    note text not null default '',
    removed boolean not null default false,
    primary key (workspace_id, id),
    check (num_nonnulls(source_node_id, source_asset_id) = 1),
    check (source_node_id is distinct from node_id),
    foreign key (workspace_id, node_id) references node (workspace_id, id),
    foreign key (workspace_id, source_node_id) references node (workspace_id, id),
    foreign key (workspace_id, source_asset_id) references asset (workspace_id, id)
);
create index node_ref_of on node_ref (workspace_id, node_id);
create index node_ref_where on node_ref (workspace_id, source_node_id);
create index node_ref_where_asset on node_ref (workspace_id, source_asset_id);

-- THE LOG ---------------------------------------------------------------------------------------------------------------------

-- `revision` is commit order within the workspace and the event id.
create table commit (
    workspace_id uuid not null references workspace (id),
    revision bigint not null check (revision >= 1),
    -- Idempotency: the same request is answered with the same commit.
    request_id uuid not null,
    actor text not null,
    actor_kind text not null check (actor_kind in ('person', 'worker', 'system')),
    source text not null,
    -- edit: something new; undo takes back an edit or a redo; redo takes back an undo; record: what a worker made.
    kind text not null default 'edit' check (kind in ('edit', 'undo', 'redo', 'record')),
    intent text not null default '',
    -- [{type, args, reason, targets, said}]
    actions jsonb not null default '[]',
    -- What changed, in words a person reads.
    summary jsonb not null default '[]',
    undoes bigint check (undoes < revision),
    batch_id uuid,
    created_at timestamptz not null default now(),
    check ((kind in ('undo', 'redo')) = (undoes is not null)),
    primary key (workspace_id, revision),
    unique (workspace_id, request_id)
);
create unique index commit_undone_once on commit (workspace_id, undoes) where undoes is not null;

create table op (
    workspace_id uuid not null,
    revision bigint not null,
    seq integer not null,
    table_name text not null,
    row_id uuid not null,
    kind op_kind not null,
    -- Only the changed fields, by path: {"spec.picture.time": "night"}
    before jsonb not null,
    after jsonb not null,
    primary key (workspace_id, revision, seq),
    foreign key (workspace_id, revision) references commit (workspace_id, revision)
);
create index op_row on op (workspace_id, table_name, row_id, revision);

create table snapshot (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    revision bigint not null,
    name text not null,
    note text not null default '',
    automatic boolean not null default false,
    created_at timestamptz not null default now(),
    -- A version's number, from 1 in each workspace; an automatic one has none.
    number integer check (number >= 1),
    primary key (workspace_id, id)
);
create unique index snapshot_number on snapshot (workspace_id, number);

-- TALK ------------------------------------------------------------------------------------------------------------------------

create table conversation (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    title text not null default '',
    mode text not null default 'agent' check (mode in ('agent', 'pro', 'draft')),
    work_item_id uuid,
    track_id uuid,
    created_at timestamptz not null default now(),
    primary key (workspace_id, id),
    foreign key (workspace_id, work_item_id) references work_item (workspace_id, id),
    foreign key (workspace_id, track_id) references track (workspace_id, id)
);

create table message (
    workspace_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    seq bigint generated always as identity,
    -- A turn is one message of a person and its answers; it is the request_id of what it commits.
    turn_id uuid not null,
    role text not null check (role in ('person', 'assistant')),
    actor text not null,
    text text not null,
    -- [{asset_id | node_id, role, name}]
    attachments jsonb not null default '[]',
    -- What the person had in focus: {page, shots, node, ...}
    focus jsonb not null default '{}',
    -- What the planner was given and why, for the person's own reading.
    context jsonb not null default '{}',
    answered_by text not null default '',
    answer jsonb not null default '{}',
    created_at timestamptz not null default now(),
    -- Where it was said: a track has a talk of its own, and a branch begins with none.
    mode text not null default 'agent' check (mode in ('agent', 'pro', 'draft')),
    work_item_id uuid,
    track_id uuid,
    node_id uuid,
    primary key (workspace_id, id),
    foreign key (workspace_id, conversation_id) references conversation (workspace_id, id),
    foreign key (workspace_id, work_item_id) references work_item (workspace_id, id),
    foreign key (workspace_id, track_id) references track (workspace_id, id),
    foreign key (workspace_id, node_id) references node (workspace_id, id)
);
create index message_of_track on message (workspace_id, track_id, seq) where track_id is not null;
create index message_order on message (workspace_id, conversation_id, seq);
create unique index message_turn on message (workspace_id, turn_id, role);

create table proposal (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    request_id uuid not null,
    state proposal_state not null default 'open',
    actor text not null,
    source text not null,
    envelope jsonb not null,
    -- Why it asks, what would change, what it would cost.
    reasons jsonb not null default '[]',
    summary jsonb not null default '[]',
    quote jsonb not null default '{}',
    base_revision bigint not null,
    conversation_id uuid,
    turn_id uuid,
    decided_by text,
    decided_at timestamptz,
    revision bigint,
    created_at timestamptz not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, request_id),
    foreign key (workspace_id, revision) references commit (workspace_id, revision),
    check ((state = 'approved') = (revision is not null))
);
create index proposal_open on proposal (workspace_id, created_at) where state = 'open';

-- WORK ------------------------------------------------------------------------------------------------------------------------

create table batch (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    asked_by text not null,
    reason text not null default 'by hand',
    title text not null default '',
    created_at timestamptz not null default now(),
    -- What was asked for, in the words of the asker: {shots, stages, again, stale, provider, template}
    selector jsonb not null default '{}',
    schedule_id uuid,
    -- How many shots were left out, by why: {locked, approved}
    skipped jsonb not null default '{}',
    -- Where it is asked for slice by slice: every shot it is about in order, and how many of them were asked for so far.
    shots uuid[] not null default '{}',
    asked integer not null default 0 check (asked between 0 and cardinality(shots)),
    primary key (workspace_id, id)
);

-- The outbox of renders: written in the transaction of the commit that wants them, claimed by the desk.
create table task (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    kind task_kind not null,
    work_item_id uuid,
    episode_id uuid,
    -- The stages to go through, in order.
    stages text[] not null check (cardinality(stages) >= 1),
    -- {stage: take}: only where it was asked to be made again.
    takes jsonb not null default '{}',
    state task_state not null default 'pending',
    priority integer not null default 50 check (priority between 0 and 100),
    batch_id uuid,
    revision bigint not null,
    asked_by text not null,
    -- Which run of it this is: the workflow's id is shot/<work item>/r<run> or cut/<episode>/r<run>.
    run integer not null default 0,
    stage text not null default '',
    progress real not null default 0 check (progress between 0 and 100),
    attempt integer not null default 0,
    quoted_usd numeric(14, 6) not null default 0,
    expected_s real not null default 0,
    error jsonb,
    note text not null default '',
    trace jsonb not null default '{}',
    created_at timestamptz not null default now(),
    not_before timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    character_id uuid,
    scene_look_id uuid,
    -- What is tried beside the selected truth: from which node, on which track, how large a sheet, what else than the spec says.
    sheet jsonb not null default '{}',
    -- What the work is expected to need where it runs: {memory_mb, disk_mb}
    needs jsonb not null default '{}',
    -- What was made smaller, or by another, than it was asked for, with the person's leave: [{stage, field, asked, given, why}]
    adjusted jsonb not null default '[]',
    primary key (workspace_id, id),
    foreign key (workspace_id, work_item_id) references work_item (workspace_id, id),
    foreign key (workspace_id, episode_id) references episode (workspace_id, id),
    foreign key (workspace_id, batch_id) references batch (workspace_id, id),
    foreign key (workspace_id, character_id) references character (workspace_id, id),
    foreign key (workspace_id, scene_look_id) references scene_look (workspace_id, id),
    constraint task_owner check (num_nonnulls(work_item_id, character_id, scene_look_id) = case when kind = 'cut' then 0 else 1 end),
    constraint task_of_film check (case when kind in ('shot', 'cut') then episode_id is not null else true end),
    constraint task_of_shot check (case when kind = 'shot' then work_item_id is not null else true end)
);
-- At most one run of a shot, and one cut of an episode, at a time.
create unique index task_running_shot on task (workspace_id, work_item_id)
    where kind = 'shot' and state in ('running', 'retry_pending', 'cancelling') and run > 0;
create unique index task_running_cut on task (workspace_id, episode_id)
    where kind = 'cut' and state in ('running', 'retry_pending', 'cancelling') and run > 0;
create index task_claim on task (workspace_id, priority desc, created_at) where state = 'pending';
create index task_open on task (workspace_id, episode_id)
    where state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling');
create index task_of_batch on task (workspace_id, batch_id);
create index task_of_work_item on task (workspace_id, work_item_id, run);
create index task_recent on task (workspace_id, created_at desc);

-- The tasks that stand for a batch's wishes. A task that waited already takes a wish in, and is then of several batches.
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

create table task_event (
    id bigint generated always as identity primary key,
    workspace_id uuid not null,
    task_id uuid not null,
    kind text not null,
    stage text not null default '',
    data jsonb not null default '{}',
    at timestamptz not null default now(),
    foreign key (workspace_id, task_id) references task (workspace_id, id)
);
create index task_event_of on task_event (workspace_id, id);

-- Concurrency and pause of a workspace's desk; a desk with no row has the defaults.
create table desk (
    workspace_id uuid primary key references workspace (id),
    concurrency integer not null default 3 check (concurrency between 1 and 1000),
    paused boolean not null default false
);

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

-- LEDGER, the accounts: what is held for open calls and what was spent, of the workspace and of each person, for always ('' as the month)
-- and by month (2026-11). A call is in up to four; the limits are copied from the rules.
create table budget (
    workspace_id uuid not null references workspace (id),
    limit_usd numeric(14, 6) check (limit_usd >= 0),
    reserved_usd numeric(14, 6) not null default 0 check (reserved_usd >= 0),
    spent_usd numeric(14, 6) not null default 0 check (spent_usd >= 0),
    person text not null default '',
    month text not null default '',
    primary key (workspace_id, person, month),
    check (limit_usd is null or reserved_usd + spent_usd <= limit_usd)
);

-- One call of one provider. `owner_id` is the work item, episode or character that it is for.
create table provider_job (
    workspace_id uuid not null references workspace (id),
    id uuid not null,
    task_id uuid,
    owner_id uuid not null,
    key text not null,
    stage text not null,
    capability text not null,
    provider text not null,
    model text not null default '',
    request jsonb not null,
    state job_state not null default 'reserved',
    -- The vendor's own handle.
    handle text,
    reserved_usd numeric(14, 6) not null default 0 check (reserved_usd >= 0),
    settled_usd numeric(14, 6) check (settled_usd >= 0),
    asset_id text collate "C",
    facts jsonb not null default '{}',
    error jsonb,
    submissions integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- Whose budget and which month's (2026-11) holds its money.
    person text not null default '',
    month text not null default '',
    -- The trace it was made in, and what the vendor answered last, without its secrets and media.
    trace jsonb not null default '{}',
    answer jsonb,
    primary key (workspace_id, id),
    foreign key (workspace_id, task_id) references task (workspace_id, id),
    foreign key (workspace_id, asset_id) references asset (workspace_id, id),
    check ((state = 'submitted') <= (handle is not null)),
    check ((state = 'settled') <= (settled_usd is not null))
);
-- Nobody buys the same thing twice at the same time.
create unique index provider_job_live on provider_job (workspace_id, owner_id, key)
    where state in ('reserved', 'sending', 'submitted', 'unknown');
create index provider_job_of_task on provider_job (workspace_id, task_id);

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

-- What has been made under a key. Deleting, undoing or discarding a node never takes it away.
create table made (
    workspace_id uuid not null,
    owner_id uuid not null,
    key text not null,
    asset_id text collate "C" not null,
    job_id uuid not null,
    facts jsonb not null default '{}',
    created_at timestamptz not null default now(),
    primary key (workspace_id, owner_id, key),
    foreign key (workspace_id, asset_id) references asset (workspace_id, id),
    foreign key (workspace_id, job_id) references provider_job (workspace_id, id)
);

-- LEDGER of the installation: what was taken away for good, of which nothing else is left.
create table purge (
    id uuid primary key,
    workspace_id uuid not null,
    name text not null,
    actor text not null,
    -- When it was deleted, and up to which revision it had been changed.
    deleted_at timestamptz not null,
    revision bigint not null,
    -- How many rows went, by table.
    rows jsonb not null default '{}',
    at timestamptz not null default now()
);
create index purge_newest on purge (at desc);

-- TRANSITIONS -----------------------------------------------------------------------------------------------------------------

-- Which state may follow which; a change that is not listed is refused by the database.
create table transition (
    entity text not null,
    from_state text not null,
    to_state text not null,
    primary key (entity, from_state, to_state)
);
insert into transition (entity, from_state, to_state) values
    ('task', 'pending', 'running'), ('task', 'pending', 'paused'), ('task', 'pending', 'cancelling'), ('task', 'pending', 'cancelled'),
    ('task', 'running', 'pending'), ('task', 'running', 'retry_pending'), ('task', 'running', 'cancelling'),
    ('task', 'running', 'succeeded'), ('task', 'running', 'failed'), ('task', 'running', 'cancelled'), ('task', 'running', 'manual_review'),
    ('task', 'retry_pending', 'running'), ('task', 'retry_pending', 'pending'), ('task', 'retry_pending', 'paused'),
    ('task', 'retry_pending', 'cancelling'), ('task', 'retry_pending', 'cancelled'), ('task', 'retry_pending', 'failed'),
    ('task', 'retry_pending', 'manual_review'), ('task', 'retry_pending', 'succeeded'),
    ('task', 'paused', 'pending'), ('task', 'paused', 'cancelling'), ('task', 'paused', 'cancelled'),
    ('task', 'cancelling', 'cancelled'), ('task', 'cancelling', 'succeeded'), ('task', 'cancelling', 'failed'),
    ('task', 'failed', 'pending'), ('task', 'cancelled', 'pending'), ('task', 'manual_review', 'pending'), ('task', 'manual_review', 'cancelled'),
    ('task', 'failed', 'cancelled'),
    ('provider_job', 'reserved', 'sending'), ('provider_job', 'reserved', 'cancelled'), ('provider_job', 'reserved', 'failed'),
    ('provider_job', 'sending', 'submitted'), ('provider_job', 'sending', 'unknown'), ('provider_job', 'sending', 'failed'),
    ('provider_job', 'sending', 'cancelled'),
    ('provider_job', 'submitted', 'settled'), ('provider_job', 'submitted', 'failed'), ('provider_job', 'submitted', 'cancelled'),
    ('provider_job', 'unknown', 'submitted'), ('provider_job', 'unknown', 'failed'), ('provider_job', 'unknown', 'cancelled'),
    ('proposal', 'open', 'approved'), ('proposal', 'open', 'rejected'), ('proposal', 'open', 'expired'),
    ('work_item', 'draft', 'locked'), ('work_item', 'draft', 'approved'), ('work_item', 'locked', 'draft'),
    ('work_item', 'locked', 'approved'), ('work_item', 'approved', 'draft'), ('work_item', 'approved', 'locked');

create function hold_transition() returns trigger language plpgsql as $$
declare
    was text;
    is_now text;
begin
    -- The first argument is the entity, the second its state column.
    execute format('select ($1).%1$I::text, ($2).%1$I::text', tg_argv[1]) into was, is_now using old, new;
    if was <> is_now and not exists (
        select 1 from transition t where t.entity = tg_argv[0] and t.from_state = was and t.to_state = is_now
    ) then
        raise exception '% may not go from % to %', tg_argv[0], was, is_now using errcode = 'check_violation';
    end if;
    return new;
end
$$;

create trigger task_transition before update of state on task
    for each row execute function hold_transition('task', 'state');
create trigger provider_job_transition before update of state on provider_job
    for each row execute function hold_transition('provider_job', 'state');
create trigger proposal_transition before update of state on proposal
    for each row execute function hold_transition('proposal', 'state');
create trigger work_item_transition before update of status on work_item
    for each row execute function hold_transition('work_item', 'status');

-- SEARCH ----------------------------------------------------------------------------------------------------------------------

-- Words that can be found: a Chinese character is a word of its own, so that any run of them is found as a phrase. `simple` keeps
-- every word of every language as it is written.
create function search_words(said text) returns text language sql immutable parallel safe return
    regexp_replace(said, '([\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g');
create function search_vector(said text) returns tsvector language sql immutable parallel safe return
    to_tsvector('simple'::regconfig, search_words(said));
create function search_vector(said jsonb) returns tsvector language sql immutable parallel safe return
    jsonb_to_tsvector('simple'::regconfig, search_words(said::text)::jsonb, '["string"]');
create function search_query(said text) returns tsquery language sql immutable parallel safe return
    websearch_to_tsquery('simple'::regconfig, search_words(regexp_replace(said, '([\u3400-\u9fff\uf900-\ufaff]+)', '"\1"', 'g')));

create index script_found on script using gin (search_vector(source)) where not removed;
create index work_item_found on work_item using gin (search_vector(spec)) where not removed;
create index node_prompt_found on node using gin (search_vector(request #>> '{image,prompt}'))
    where request #>> '{image,prompt}' is not null and not removed;
create index memory_found on memory using gin (search_vector(fact)) where not removed;
create index message_found on message using gin (search_vector(text));
create index asset_name_found on asset using gin (search_vector(name));
create index asset_card_found on asset_card using gin (search_vector(title || ' ' || note)) where not removed;
