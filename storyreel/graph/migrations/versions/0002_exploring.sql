-- Exploring: what stays the same, what is tried beside the truth, what is remembered, and what can be found.

alter type task_kind add value 'sheet';

alter table board add column kind text not null default 'free' check (kind in ('free', 'characters', 'scenes', 'styles'));
alter table character add column consistency jsonb not null default '{}';

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

alter table asset
    add column source jsonb not null default '{}',
    add column perceptual vector(96),
    add column embedding vector,
    add column embedding_model text not null default '';
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

alter table node
    add column scene_look_id uuid,
    add column seq bigint generated always as identity,
    add unique (workspace_id, character_id, id),
    add unique (workspace_id, scene_look_id, id),
    drop constraint node_check,
    add constraint node_one_owner check (num_nonnulls(work_item_id, character_id, episode_id, scene_look_id) = 1),
    add foreign key (workspace_id, scene_look_id) references scene_look (workspace_id, id);
alter table node rename constraint node_check1 to node_check;
create index node_of_track on node (workspace_id, track_id, seq);
create index node_of_character on node (workspace_id, character_id) where character_id is not null;
create index node_of_scene_look on node (workspace_id, scene_look_id) where scene_look_id is not null;
create index node_where_asset on node (workspace_id, asset_id);

alter table character drop constraint character_workspace_id_picture_node_id_fkey;
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

create index node_ref_where_asset on node_ref (workspace_id, source_asset_id);

alter table work_item_asset
    add column node_id uuid,
    add column note text not null default '',
    add foreign key (workspace_id, node_id) references node (workspace_id, id);

alter table snapshot add column number integer check (number >= 1);
create unique index snapshot_number on snapshot (workspace_id, number);

alter table message
    add column mode text not null default 'agent' check (mode in ('agent', 'pro', 'draft')),
    add column work_item_id uuid,
    add column track_id uuid,
    add column node_id uuid,
    add foreign key (workspace_id, work_item_id) references work_item (workspace_id, id),
    add foreign key (workspace_id, track_id) references track (workspace_id, id),
    add foreign key (workspace_id, node_id) references node (workspace_id, id);
create index message_of_track on message (workspace_id, track_id, seq) where track_id is not null;

alter table task
    alter column episode_id drop not null,
    add column character_id uuid,
    add column scene_look_id uuid,
    add column sheet jsonb not null default '{}',
    drop constraint task_check,
    add foreign key (workspace_id, character_id) references character (workspace_id, id),
    add foreign key (workspace_id, scene_look_id) references scene_look (workspace_id, id),
    add constraint task_owner check (num_nonnulls(work_item_id, character_id, scene_look_id) = case when kind = 'cut' then 0 else 1 end),
    add constraint task_of_film check (case when kind in ('shot', 'cut') then episode_id is not null else true end),
    add constraint task_of_shot check (case when kind = 'shot' then work_item_id is not null else true end);

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
