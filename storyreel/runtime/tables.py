"""The tables as SQLAlchemy knows them, generated from `schema.sql` by `tools/generate_tables.py`; not edited by hand."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, DateTime, Double, Enum, ForeignKeyConstraint, Identity, Integer, MetaData, Numeric, PrimaryKeyConstraint, REAL, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql.sqltypes import NullType

metadata = MetaData()


backup = Table(
    'backup', metadata,
    Column('id', Text, primary_key=True),
    Column('place', Text, nullable=False),
    Column('started_at', DateTime(True), nullable=False),
    Column('finished_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('size_bytes', BigInteger, nullable=False, server_default=text('0')),
    Column('facts', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    PrimaryKeyConstraint('id', name='backup_pkey')
)

character = Table(
    'character', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('name', Text, nullable=False),
    Column('aliases', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column('look', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('voice', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('personality', Text, nullable=False, server_default=text("''::text")),
    Column('speaking', Text, nullable=False, server_default=text("''::text")),
    Column('locks', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('picture_node_id', Uuid),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    Column('consistency', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    CheckConstraint("name <> ''::text", name='character_name_check'),
    ForeignKeyConstraint(['workspace_id', 'id', 'picture_node_id'], ['node.workspace_id', 'node.character_id', 'node.id'], name='character_own_picture'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='character_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='character_pkey')
)

episode = Table(
    'episode', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('title', Text, nullable=False, server_default=text("''::text")),
    Column('language', Text, nullable=False, server_default=text("'en'::text")),
    Column('brief', Text, nullable=False, server_default=text("''::text")),
    Column('order_key', Text(collation='C'), nullable=False),
    Column('film_node_id', Uuid),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("order_key <> ''::text", name='episode_order_key_check'),
    ForeignKeyConstraint(['workspace_id', 'id', 'film_node_id'], ['node.workspace_id', 'node.episode_id', 'node.id'], name='episode_workspace_id_id_film_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='episode_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='episode_pkey')
)

node = Table(
    'node', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('kind', Enum('prompt_plan', 'grid', 'image', 'video', 'voice', 'music', 'sfx', 'final', 'film', 'edit', 'note', name='node_kind'), nullable=False),
    Column('work_item_id', Uuid),
    Column('character_id', Uuid),
    Column('episode_id', Uuid),
    Column('track_id', Uuid),
    Column('parent_id', Uuid),
    Column('stage', Text, nullable=False, server_default=text("''::text")),
    Column('key', Text, nullable=False, server_default=text("''::text")),
    Column('take', Integer, nullable=False, server_default=text('0')),
    Column('cell', Integer),
    Column('asset_id', Text(collation='C')),
    Column('request', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('facts', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('favourite', Boolean, nullable=False, server_default=text('false')),
    Column('pinned', Boolean, nullable=False, server_default=text('false')),
    Column('discarded', Boolean, nullable=False, server_default=text('false')),
    Column('to_compare', Boolean, nullable=False, server_default=text('false')),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('scene_look_id', Uuid),
    Column('seq', BigInteger, Identity(always=True, start=1, increment=1, minvalue=1, maxvalue=9223372036854775807, cycle=False, cache=1), nullable=False),
    CheckConstraint('cell >= 0', name='node_cell_check'),
    CheckConstraint('num_nonnulls(work_item_id, character_id, episode_id, scene_look_id) = 1', name='node_one_owner'),
    CheckConstraint('parent_id IS DISTINCT FROM id', name='node_check'),
    CheckConstraint('take >= 0', name='node_take_check'),
    ForeignKeyConstraint(['workspace_id', 'asset_id'], ['asset.workspace_id', 'asset.id'], name='node_workspace_id_asset_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'character_id'], ['character.workspace_id', 'character.id'], name='node_workspace_id_character_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'episode_id'], ['episode.workspace_id', 'episode.id'], name='node_workspace_id_episode_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'parent_id'], ['node.workspace_id', 'node.id'], name='node_workspace_id_parent_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'scene_look_id'], ['scene_look.workspace_id', 'scene_look.id'], name='node_workspace_id_scene_look_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'track_id'], ['track.workspace_id', 'track.id'], name='node_workspace_id_track_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'work_item_id'], ['work_item.workspace_id', 'work_item.id'], name='node_workspace_id_work_item_id_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='node_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='node_pkey'),
    UniqueConstraint('workspace_id', 'character_id', 'id', name='node_workspace_id_character_id_id_key'),
    UniqueConstraint('workspace_id', 'episode_id', 'id', name='node_workspace_id_episode_id_id_key'),
    UniqueConstraint('workspace_id', 'scene_look_id', 'id', name='node_workspace_id_scene_look_id_id_key'),
    UniqueConstraint('workspace_id', 'work_item_id', 'id', name='node_workspace_id_work_item_id_id_key')
)

provider_turn = Table(
    'provider_turn', metadata,
    Column('provider', Text, primary_key=True),
    Column('next_at', DateTime(True), nullable=False, server_default=text('now()')),
    PrimaryKeyConstraint('provider', name='provider_turn_pkey')
)

purge = Table(
    'purge', metadata,
    Column('id', Uuid, primary_key=True),
    Column('workspace_id', Uuid, nullable=False),
    Column('name', Text, nullable=False),
    Column('actor', Text, nullable=False),
    Column('deleted_at', DateTime(True), nullable=False),
    Column('revision', BigInteger, nullable=False),
    Column('rows', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('at', DateTime(True), nullable=False, server_default=text('now()')),
    PrimaryKeyConstraint('id', name='purge_pkey')
)

scene = Table(
    'scene', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('episode_id', Uuid, nullable=False),
    Column('order_key', Text(collation='C'), nullable=False),
    Column('title', Text, nullable=False, server_default=text("''::text")),
    Column('spec', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("order_key <> ''::text", name='scene_order_key_check'),
    ForeignKeyConstraint(['workspace_id', 'episode_id'], ['episode.workspace_id', 'episode.id'], name='scene_workspace_id_episode_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='scene_pkey')
)

scene_look = Table(
    'scene_look', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('kind', Text, nullable=False, server_default=text("'place'::text")),
    Column('name', Text, nullable=False),
    Column('aliases', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column('spec', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('locks', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('picture_node_id', Uuid),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("kind = ANY (ARRAY['place'::text, 'prop'::text])", name='scene_look_kind_check'),
    CheckConstraint("name <> ''::text", name='scene_look_name_check'),
    ForeignKeyConstraint(['workspace_id', 'id', 'picture_node_id'], ['node.workspace_id', 'node.scene_look_id', 'node.id'], name='scene_look_own_picture'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='scene_look_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='scene_look_pkey')
)

script = Table(
    'script', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('episode_id', Uuid, nullable=False),
    Column('version', Integer, nullable=False),
    Column('language', Text, nullable=False),
    Column('format', Text, nullable=False),
    Column('source', Text, nullable=False),
    Column('structure', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("format = ANY (ARRAY['fountain'::text, 'markdown'::text, 'prose'::text, 'outline'::text])", name='script_format_check'),
    CheckConstraint('version >= 1', name='script_version_check'),
    ForeignKeyConstraint(['workspace_id', 'episode_id'], ['episode.workspace_id', 'episode.id'], name='script_workspace_id_episode_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='script_pkey'),
    UniqueConstraint('workspace_id', 'episode_id', 'language', 'version', name='script_workspace_id_episode_id_language_version_key')
)

track = Table(
    'track', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('work_item_id', Uuid, nullable=False),
    Column('kind', Enum('picture', 'video', 'voice', 'music', 'sfx', name='track_kind'), nullable=False),
    Column('name', Text, nullable=False),
    Column('origin_node_id', Uuid),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    ForeignKeyConstraint(['workspace_id', 'origin_node_id'], ['node.workspace_id', 'node.id'], name='track_workspace_id_origin_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'work_item_id'], ['work_item.workspace_id', 'work_item.id'], name='track_workspace_id_work_item_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='track_pkey')
)

transition = Table(
    'transition', metadata,
    Column('entity', Text, primary_key=True),
    Column('from_state', Text, primary_key=True),
    Column('to_state', Text, primary_key=True),
    PrimaryKeyConstraint('entity', 'from_state', 'to_state', name='transition_pkey')
)

work_item = Table(
    'work_item', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('kind', Enum('shot', 'draft', name='work_item_kind'), nullable=False),
    Column('scene_id', Uuid),
    Column('board_id', Uuid),
    Column('order_key', Text(collation='C'), nullable=False),
    Column('label', Text, nullable=False),
    Column('frames', Integer, nullable=False),
    Column('spec', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('locks', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('status', Enum('draft', 'locked', 'approved', name='work_item_status'), nullable=False, server_default=text("'draft'::work_item_status")),
    Column('script_id', Uuid),
    Column('span_start', Integer),
    Column('span_end', Integer),
    Column('picture_node_id', Uuid),
    Column('video_node_id', Uuid),
    Column('voice_node_id', Uuid),
    Column('music_node_id', Uuid),
    Column('sfx_node_id', Uuid),
    Column('final_node_id', Uuid),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    Column('follows_id', Uuid),
    CheckConstraint("(kind = 'draft'::work_item_kind) = (board_id IS NOT NULL)", name='work_item_check1'),
    CheckConstraint("(kind = 'shot'::work_item_kind) = (scene_id IS NOT NULL)", name='work_item_check'),
    CheckConstraint('(span_start IS NULL) = (span_end IS NULL)', name='work_item_check2'),
    CheckConstraint('frames >= 1', name='work_item_frames_check'),
    CheckConstraint("label <> ''::text", name='work_item_label_check'),
    CheckConstraint("order_key <> ''::text", name='work_item_order_key_check'),
    CheckConstraint('span_start >= 0 AND span_end >= span_start', name='work_item_check3'),
    ForeignKeyConstraint(['workspace_id', 'board_id'], ['board.workspace_id', 'board.id'], name='work_item_workspace_id_board_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'follows_id'], ['work_item.workspace_id', 'work_item.id'], name='work_item_follows'),
    ForeignKeyConstraint(['workspace_id', 'id', 'final_node_id'], ['node.workspace_id', 'node.work_item_id', 'node.id'], name='work_item_workspace_id_id_final_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'id', 'music_node_id'], ['node.workspace_id', 'node.work_item_id', 'node.id'], name='work_item_workspace_id_id_music_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'id', 'picture_node_id'], ['node.workspace_id', 'node.work_item_id', 'node.id'], name='work_item_workspace_id_id_picture_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'id', 'sfx_node_id'], ['node.workspace_id', 'node.work_item_id', 'node.id'], name='work_item_workspace_id_id_sfx_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'id', 'video_node_id'], ['node.workspace_id', 'node.work_item_id', 'node.id'], name='work_item_workspace_id_id_video_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'id', 'voice_node_id'], ['node.workspace_id', 'node.work_item_id', 'node.id'], name='work_item_workspace_id_id_voice_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'scene_id'], ['scene.workspace_id', 'scene.id'], name='work_item_workspace_id_scene_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'script_id'], ['script.workspace_id', 'script.id'], name='work_item_workspace_id_script_id_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='work_item_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='work_item_pkey')
)

worker = Table(
    'worker', metadata,
    Column('id', Uuid, primary_key=True),
    Column('host', Text, nullable=False),
    Column('process_id', Integer, nullable=False),
    Column('queues', ARRAY(Text()), nullable=False),
    Column('version', Text, nullable=False),
    Column('build_id', Text, nullable=False, server_default=text("''::text")),
    Column('started_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('seen_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('clock_off_s', REAL, nullable=False, server_default=text('0')),
    Column('facts', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    PrimaryKeyConstraint('id', name='worker_pkey')
)

workspace = Table(
    'workspace', metadata,
    Column('id', Uuid, primary_key=True),
    Column('kind', Enum('narrative_project', 'draft_space', name='workspace_kind'), nullable=False, server_default=text("'narrative_project'::workspace_kind")),
    Column('name', Text, nullable=False),
    Column('state', Enum('draft', 'in_progress', 'completed', 'archived', name='workspace_state'), nullable=False, server_default=text("'draft'::workspace_state")),
    Column('profile', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('fps', Integer, nullable=False, server_default=text('24')),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    Column('revision', BigInteger, nullable=False, server_default=text('0')),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    CheckConstraint('fps >= 1 AND fps <= 120', name='workspace_fps_check'),
    CheckConstraint("name <> ''::text", name='workspace_name_check'),
    CheckConstraint('revision >= 0', name='workspace_revision_check'),
    PrimaryKeyConstraint('id', name='workspace_pkey')
)

asset = Table(
    'asset', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Text(collation='C'), primary_key=True),
    Column('media_type', Text, nullable=False),
    Column('size_bytes', BigInteger, nullable=False),
    Column('width_px', Integer),
    Column('height_px', Integer),
    Column('duration_s', Double(53)),
    Column('name', Text, nullable=False, server_default=text("''::text")),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('source', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('perceptual', NullType),
    Column('embedding', NullType),
    Column('embedding_model', Text, nullable=False, server_default=text("''::text")),
    CheckConstraint("id ~ '^[0-9a-f]{64}$'::text", name='asset_id_check'),
    CheckConstraint('size_bytes >= 0', name='asset_size_bytes_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='asset_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='asset_pkey')
)

batch = Table(
    'batch', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('asked_by', Text, nullable=False),
    Column('reason', Text, nullable=False, server_default=text("'by hand'::text")),
    Column('title', Text, nullable=False, server_default=text("''::text")),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('selector', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('schedule_id', Uuid),
    Column('skipped', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('shots', ARRAY(Uuid()), nullable=False, server_default=text("'{}'::uuid[]")),
    Column('asked', Integer, nullable=False, server_default=text('0')),
    CheckConstraint('asked >= 0 AND asked <= cardinality(shots)', name='batch_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='batch_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='batch_pkey')
)

board = Table(
    'board', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('title', Text, nullable=False, server_default=text("''::text")),
    Column('order_key', Text(collation='C'), nullable=False),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    Column('kind', Text, nullable=False, server_default=text("'free'::text")),
    CheckConstraint("kind = ANY (ARRAY['free'::text, 'characters'::text, 'scenes'::text, 'styles'::text])", name='board_kind_check'),
    CheckConstraint("order_key <> ''::text", name='board_order_key_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='board_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='board_pkey')
)

budget = Table(
    'budget', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('limit_usd', Numeric(14, 6)),
    Column('reserved_usd', Numeric(14, 6), nullable=False, server_default=text('0')),
    Column('spent_usd', Numeric(14, 6), nullable=False, server_default=text('0')),
    Column('person', Text, primary_key=True, server_default=text("''::text")),
    Column('month', Text, primary_key=True, server_default=text("''::text")),
    CheckConstraint('limit_usd >= 0::numeric', name='budget_limit_usd_check'),
    CheckConstraint('limit_usd IS NULL OR (reserved_usd + spent_usd) <= limit_usd', name='budget_check'),
    CheckConstraint('reserved_usd >= 0::numeric', name='budget_reserved_usd_check'),
    CheckConstraint('spent_usd >= 0::numeric', name='budget_spent_usd_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='budget_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'person', 'month', name='budget_pkey')
)

budget_rule = Table(
    'budget_rule', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('person', Text, primary_key=True, server_default=text("''::text")),
    Column('period', Text, primary_key=True, server_default=text("'always'::text")),
    Column('limit_usd', Numeric(14, 6)),
    Column('ask_usd', Numeric(14, 6)),
    CheckConstraint('ask_usd >= 0::numeric', name='budget_rule_ask_usd_check'),
    CheckConstraint('limit_usd >= 0::numeric', name='budget_rule_limit_usd_check'),
    CheckConstraint('num_nonnulls(limit_usd, ask_usd) > 0', name='budget_rule_check'),
    CheckConstraint("period = ANY (ARRAY['always'::text, 'month'::text])", name='budget_rule_period_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='budget_rule_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'person', 'period', name='budget_rule_pkey')
)

canvas = Table(
    'canvas', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('kind', Text, nullable=False),
    Column('name', Text, nullable=False),
    Column('body', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("kind = ANY (ARRAY['planning'::text, 'production'::text, 'composition'::text, 'reference'::text, 'grid_group'::text, 'pick'::text])", name='canvas_kind_check'),
    CheckConstraint("name <> ''::text", name='canvas_name_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='canvas_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='canvas_pkey')
)

commit = Table(
    'commit', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('revision', BigInteger, primary_key=True),
    Column('request_id', Uuid, nullable=False),
    Column('actor', Text, nullable=False),
    Column('actor_kind', Text, nullable=False),
    Column('source', Text, nullable=False),
    Column('kind', Text, nullable=False, server_default=text("'edit'::text")),
    Column('intent', Text, nullable=False, server_default=text("''::text")),
    Column('actions', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column('summary', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column('undoes', BigInteger),
    Column('batch_id', Uuid),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    CheckConstraint("(kind = ANY (ARRAY['undo'::text, 'redo'::text])) = (undoes IS NOT NULL)", name='commit_check1'),
    CheckConstraint("actor_kind = ANY (ARRAY['person'::text, 'worker'::text, 'system'::text])", name='commit_actor_kind_check'),
    CheckConstraint("kind = ANY (ARRAY['edit'::text, 'undo'::text, 'redo'::text, 'record'::text])", name='commit_kind_check'),
    CheckConstraint('revision >= 1', name='commit_revision_check'),
    CheckConstraint('undoes < revision', name='commit_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='commit_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'revision', name='commit_pkey'),
    UniqueConstraint('workspace_id', 'request_id', name='commit_workspace_id_request_id_key')
)

conversation = Table(
    'conversation', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('title', Text, nullable=False, server_default=text("''::text")),
    Column('mode', Text, nullable=False, server_default=text("'agent'::text")),
    Column('work_item_id', Uuid),
    Column('track_id', Uuid),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    CheckConstraint("mode = ANY (ARRAY['agent'::text, 'pro'::text, 'draft'::text])", name='conversation_mode_check'),
    ForeignKeyConstraint(['workspace_id', 'track_id'], ['track.workspace_id', 'track.id'], name='conversation_workspace_id_track_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'work_item_id'], ['work_item.workspace_id', 'work_item.id'], name='conversation_workspace_id_work_item_id_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='conversation_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='conversation_pkey')
)

desk = Table(
    'desk', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('concurrency', Integer, nullable=False, server_default=text('3')),
    Column('paused', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint('concurrency >= 1 AND concurrency <= 1000', name='desk_concurrency_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='desk_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', name='desk_pkey')
)

memory = Table(
    'memory', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('about', Text, nullable=False, server_default=text("'project'::text")),
    Column('about_id', Uuid),
    Column('kind', Text, nullable=False, server_default=text("'fact'::text")),
    Column('fact', Text, nullable=False),
    Column('source', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("(about = 'project'::text) = (about_id IS NULL)", name='memory_check'),
    CheckConstraint("about = ANY (ARRAY['project'::text, 'character'::text, 'scene_look'::text, 'scene'::text, 'episode'::text, 'work_item'::text])", name='memory_about_check'),
    CheckConstraint("fact <> ''::text", name='memory_fact_check'),
    CheckConstraint("kind = ANY (ARRAY['fact'::text, 'preference'::text, 'decision'::text, 'note'::text])", name='memory_kind_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='memory_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='memory_pkey')
)

prompt_template = Table(
    'prompt_template', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('name', Text, nullable=False),
    Column('body', Text, nullable=False),
    Column('defaults', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("body <> ''::text", name='prompt_template_body_check'),
    CheckConstraint("name <> ''::text", name='prompt_template_name_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='prompt_template_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='prompt_template_pkey')
)

provider_pause = Table(
    'provider_pause', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('provider', Text, primary_key=True),
    Column('paused_by', Text, nullable=False),
    Column('reason', Text, nullable=False, server_default=text("''::text")),
    Column('at', DateTime(True), nullable=False, server_default=text('now()')),
    CheckConstraint("provider <> ''::text", name='provider_pause_provider_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='provider_pause_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'provider', name='provider_pause_pkey')
)

schedule = Table(
    'schedule', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('title', Text, nullable=False, server_default=text("''::text")),
    Column('envelope', JSONB, nullable=False),
    Column('cron', Text, nullable=False, server_default=text("''::text")),
    Column('at', DateTime(True)),
    Column('time_zone', Text, nullable=False, server_default=text("'UTC'::text")),
    Column('state', Text, nullable=False, server_default=text("'active'::text")),
    Column('asked_by', Text, nullable=False),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('last_at', DateTime(True)),
    Column('last_said', Text, nullable=False, server_default=text("''::text")),
    CheckConstraint("(cron <> ''::text) <> (at IS NOT NULL)", name='schedule_check'),
    CheckConstraint("state = ANY (ARRAY['active'::text, 'paused'::text, 'cancelled'::text, 'done'::text])", name='schedule_state_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='schedule_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='schedule_pkey')
)

snapshot = Table(
    'snapshot', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('revision', BigInteger, nullable=False),
    Column('name', Text, nullable=False),
    Column('note', Text, nullable=False, server_default=text("''::text")),
    Column('automatic', Boolean, nullable=False, server_default=text('false')),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('number', Integer),
    CheckConstraint('number >= 1', name='snapshot_number_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='snapshot_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='snapshot_pkey')
)

style_preset = Table(
    'style_preset', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('name', Text, nullable=False),
    Column('spec', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("name <> ''::text", name='style_preset_name_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='style_preset_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='style_preset_pkey')
)

work_item_character = Table(
    'work_item_character', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('work_item_id', Uuid, nullable=False),
    Column('character_id', Uuid, nullable=False),
    Column('order_key', Text(collation='C'), nullable=False),
    Column('action', Text, nullable=False, server_default=text("''::text")),
    Column('emotion', Text, nullable=False, server_default=text("'neutral'::text")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("order_key <> ''::text", name='work_item_character_order_key_check'),
    ForeignKeyConstraint(['workspace_id', 'character_id'], ['character.workspace_id', 'character.id'], name='work_item_character_workspace_id_character_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'work_item_id'], ['work_item.workspace_id', 'work_item.id'], name='work_item_character_workspace_id_work_item_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='work_item_character_pkey')
)

world_setting = Table(
    'world_setting', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('version', Integer, nullable=False, server_default=text('1')),
    Column('name', Text, nullable=False),
    Column('body', Text, nullable=False, server_default=text("''::text")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint("name <> ''::text", name='world_setting_name_check'),
    CheckConstraint('version >= 1', name='world_setting_version_check'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='world_setting_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='world_setting_pkey')
)

asset_card = Table(
    'asset_card', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('asset_id', Text(collation='C'), nullable=False),
    Column('title', Text, nullable=False, server_default=text("''::text")),
    Column('tags', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column('note', Text, nullable=False, server_default=text("''::text")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    ForeignKeyConstraint(['workspace_id', 'asset_id'], ['asset.workspace_id', 'asset.id'], name='asset_card_workspace_id_asset_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='asset_card_pkey')
)

message = Table(
    'message', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('conversation_id', Uuid, nullable=False),
    Column('seq', BigInteger, Identity(always=True, start=1, increment=1, minvalue=1, maxvalue=9223372036854775807, cycle=False, cache=1), nullable=False),
    Column('turn_id', Uuid, nullable=False),
    Column('role', Text, nullable=False),
    Column('actor', Text, nullable=False),
    Column('text', Text, nullable=False),
    Column('attachments', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column('focus', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('context', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('answered_by', Text, nullable=False, server_default=text("''::text")),
    Column('answer', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('mode', Text, nullable=False, server_default=text("'agent'::text")),
    Column('work_item_id', Uuid),
    Column('track_id', Uuid),
    Column('node_id', Uuid),
    CheckConstraint("mode = ANY (ARRAY['agent'::text, 'pro'::text, 'draft'::text])", name='message_mode_check'),
    CheckConstraint("role = ANY (ARRAY['person'::text, 'assistant'::text])", name='message_role_check'),
    ForeignKeyConstraint(['workspace_id', 'conversation_id'], ['conversation.workspace_id', 'conversation.id'], name='message_workspace_id_conversation_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'node_id'], ['node.workspace_id', 'node.id'], name='message_workspace_id_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'track_id'], ['track.workspace_id', 'track.id'], name='message_workspace_id_track_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'work_item_id'], ['work_item.workspace_id', 'work_item.id'], name='message_workspace_id_work_item_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='message_pkey')
)

node_ref = Table(
    'node_ref', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('node_id', Uuid, nullable=False),
    Column('source_node_id', Uuid),
    Column('source_asset_id', Text(collation='C')),
    Column('role', Enum('image', 'style', 'character', 'scene', 'audio', 'video', name='reference_role'), nullable=False),
    Column('note', Text, nullable=False, server_default=text("''::text")),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    CheckConstraint('num_nonnulls(source_node_id, source_asset_id) = 1', name='node_ref_check'),
    CheckConstraint('source_node_id IS DISTINCT FROM node_id', name='node_ref_check1'),
    ForeignKeyConstraint(['workspace_id', 'node_id'], ['node.workspace_id', 'node.id'], name='node_ref_workspace_id_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'source_asset_id'], ['asset.workspace_id', 'asset.id'], name='node_ref_workspace_id_source_asset_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'source_node_id'], ['node.workspace_id', 'node.id'], name='node_ref_workspace_id_source_node_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='node_ref_pkey')
)

op = Table(
    'op', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('revision', BigInteger, primary_key=True),
    Column('seq', Integer, primary_key=True),
    Column('table_name', Text, nullable=False),
    Column('row_id', Uuid, nullable=False),
    Column('kind', Enum('insert', 'change', name='op_kind'), nullable=False),
    Column('before', JSONB, nullable=False),
    Column('after', JSONB, nullable=False),
    ForeignKeyConstraint(['workspace_id', 'revision'], ['commit.workspace_id', 'commit.revision'], name='op_workspace_id_revision_fkey'),
    PrimaryKeyConstraint('workspace_id', 'revision', 'seq', name='op_pkey')
)

proposal = Table(
    'proposal', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('request_id', Uuid, nullable=False),
    Column('state', Enum('open', 'approved', 'rejected', 'expired', name='proposal_state'), nullable=False, server_default=text("'open'::proposal_state")),
    Column('actor', Text, nullable=False),
    Column('source', Text, nullable=False),
    Column('envelope', JSONB, nullable=False),
    Column('reasons', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column('summary', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column('quote', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('base_revision', BigInteger, nullable=False),
    Column('conversation_id', Uuid),
    Column('turn_id', Uuid),
    Column('decided_by', Text),
    Column('decided_at', DateTime(True)),
    Column('revision', BigInteger),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    CheckConstraint("(state = 'approved'::proposal_state) = (revision IS NOT NULL)", name='proposal_check'),
    ForeignKeyConstraint(['workspace_id', 'revision'], ['commit.workspace_id', 'commit.revision'], name='proposal_workspace_id_revision_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='proposal_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='proposal_pkey'),
    UniqueConstraint('workspace_id', 'request_id', name='proposal_workspace_id_request_id_key')
)

task = Table(
    'task', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('kind', Enum('shot', 'cut', 'sheet', name='task_kind'), nullable=False),
    Column('work_item_id', Uuid),
    Column('episode_id', Uuid),
    Column('stages', ARRAY(Text()), nullable=False),
    Column('takes', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('state', Enum('pending', 'running', 'paused', 'retry_pending', 'cancelling', 'succeeded', 'failed', 'cancelled', 'manual_review', name='task_state'), nullable=False, server_default=text("'pending'::task_state")),
    Column('priority', Integer, nullable=False, server_default=text('50')),
    Column('batch_id', Uuid),
    Column('revision', BigInteger, nullable=False),
    Column('asked_by', Text, nullable=False),
    Column('run', Integer, nullable=False, server_default=text('0')),
    Column('stage', Text, nullable=False, server_default=text("''::text")),
    Column('progress', REAL, nullable=False, server_default=text('0')),
    Column('attempt', Integer, nullable=False, server_default=text('0')),
    Column('quoted_usd', Numeric(14, 6), nullable=False, server_default=text('0')),
    Column('expected_s', REAL, nullable=False, server_default=text('0')),
    Column('error', JSONB),
    Column('note', Text, nullable=False, server_default=text("''::text")),
    Column('trace', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('not_before', DateTime(True)),
    Column('started_at', DateTime(True)),
    Column('finished_at', DateTime(True)),
    Column('character_id', Uuid),
    Column('scene_look_id', Uuid),
    Column('sheet', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('needs', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('adjusted', JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    CheckConstraint("\nCASE\n    WHEN kind = 'shot'::task_kind THEN work_item_id IS NOT NULL\n    ELSE true\nEND", name='task_of_shot'),
    CheckConstraint("\nCASE\n    WHEN kind = ANY (ARRAY['shot'::task_kind, 'cut'::task_kind]) THEN episode_id IS NOT NULL\n    ELSE true\nEND", name='task_of_film'),
    CheckConstraint('cardinality(stages) >= 1', name='task_stages_check'),
    CheckConstraint("num_nonnulls(work_item_id, character_id, scene_look_id) =\nCASE\n    WHEN kind = 'cut'::task_kind THEN 0\n    ELSE 1\nEND", name='task_owner'),
    CheckConstraint('priority >= 0 AND priority <= 100', name='task_priority_check'),
    CheckConstraint('progress >= 0::double precision AND progress <= 100::double precision', name='task_progress_check'),
    ForeignKeyConstraint(['workspace_id', 'batch_id'], ['batch.workspace_id', 'batch.id'], name='task_workspace_id_batch_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'character_id'], ['character.workspace_id', 'character.id'], name='task_workspace_id_character_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'episode_id'], ['episode.workspace_id', 'episode.id'], name='task_workspace_id_episode_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'scene_look_id'], ['scene_look.workspace_id', 'scene_look.id'], name='task_workspace_id_scene_look_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'work_item_id'], ['work_item.workspace_id', 'work_item.id'], name='task_workspace_id_work_item_id_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='task_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='task_pkey')
)

upload = Table(
    'upload', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('name', Text, nullable=False, server_default=text("''::text")),
    Column('size_bytes', BigInteger, nullable=False),
    Column('received_bytes', BigInteger, nullable=False, server_default=text('0')),
    Column('asset_id', Text(collation='C')),
    Column('actor', Text, nullable=False, server_default=text("''::text")),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('expires_at', DateTime(True), nullable=False),
    CheckConstraint('received_bytes >= 0 AND received_bytes <= size_bytes', name='upload_check'),
    CheckConstraint('size_bytes > 0', name='upload_size_bytes_check'),
    ForeignKeyConstraint(['workspace_id', 'asset_id'], ['asset.workspace_id', 'asset.id'], name='upload_workspace_id_asset_id_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='upload_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='upload_pkey')
)

work_item_asset = Table(
    'work_item_asset', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('work_item_id', Uuid, nullable=False),
    Column('asset_id', Text(collation='C'), nullable=False),
    Column('role', Enum('image', 'style', 'character', 'scene', 'audio', 'video', name='reference_role'), nullable=False),
    Column('removed', Boolean, nullable=False, server_default=text('false')),
    Column('node_id', Uuid),
    Column('note', Text, nullable=False, server_default=text("''::text")),
    ForeignKeyConstraint(['workspace_id', 'asset_id'], ['asset.workspace_id', 'asset.id'], name='work_item_asset_workspace_id_asset_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'node_id'], ['node.workspace_id', 'node.id'], name='work_item_asset_workspace_id_node_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'work_item_id'], ['work_item.workspace_id', 'work_item.id'], name='work_item_asset_workspace_id_work_item_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='work_item_asset_pkey')
)

batch_task = Table(
    'batch_task', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('batch_id', Uuid, primary_key=True),
    Column('task_id', Uuid, primary_key=True),
    Column('absorbed', Boolean, nullable=False, server_default=text('false')),
    ForeignKeyConstraint(['workspace_id', 'batch_id'], ['batch.workspace_id', 'batch.id'], name='batch_task_workspace_id_batch_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'task_id'], ['task.workspace_id', 'task.id'], name='batch_task_workspace_id_task_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'batch_id', 'task_id', name='batch_task_pkey')
)

provider_job = Table(
    'provider_job', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', Uuid, primary_key=True),
    Column('task_id', Uuid),
    Column('owner_id', Uuid, nullable=False),
    Column('key', Text, nullable=False),
    Column('stage', Text, nullable=False),
    Column('capability', Text, nullable=False),
    Column('provider', Text, nullable=False),
    Column('model', Text, nullable=False, server_default=text("''::text")),
    Column('request', JSONB, nullable=False),
    Column('state', Enum('reserved', 'sending', 'submitted', 'settled', 'failed', 'cancelled', 'unknown', name='job_state'), nullable=False, server_default=text("'reserved'::job_state")),
    Column('handle', Text),
    Column('reserved_usd', Numeric(14, 6), nullable=False, server_default=text('0')),
    Column('settled_usd', Numeric(14, 6)),
    Column('asset_id', Text(collation='C')),
    Column('facts', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('error', JSONB),
    Column('submissions', Integer, nullable=False, server_default=text('0')),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('updated_at', DateTime(True), nullable=False, server_default=text('now()')),
    Column('person', Text, nullable=False, server_default=text("''::text")),
    Column('month', Text, nullable=False, server_default=text("''::text")),
    Column('trace', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('answer', JSONB),
    CheckConstraint("(state = 'settled'::job_state) <= (settled_usd IS NOT NULL)", name='provider_job_check1'),
    CheckConstraint("(state = 'submitted'::job_state) <= (handle IS NOT NULL)", name='provider_job_check'),
    CheckConstraint('reserved_usd >= 0::numeric', name='provider_job_reserved_usd_check'),
    CheckConstraint('settled_usd >= 0::numeric', name='provider_job_settled_usd_check'),
    ForeignKeyConstraint(['workspace_id', 'asset_id'], ['asset.workspace_id', 'asset.id'], name='provider_job_workspace_id_asset_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'task_id'], ['task.workspace_id', 'task.id'], name='provider_job_workspace_id_task_id_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='provider_job_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='provider_job_pkey')
)

task_event = Table(
    'task_event', metadata,
    Column('id', BigInteger, Identity(always=True, start=1, increment=1, minvalue=1, maxvalue=9223372036854775807, cycle=False, cache=1), primary_key=True, autoincrement=True),
    Column('workspace_id', Uuid, nullable=False),
    Column('task_id', Uuid, nullable=False),
    Column('kind', Text, nullable=False),
    Column('stage', Text, nullable=False, server_default=text("''::text")),
    Column('data', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('at', DateTime(True), nullable=False, server_default=text('now()')),
    ForeignKeyConstraint(['workspace_id', 'task_id'], ['task.workspace_id', 'task.id'], name='task_event_workspace_id_task_id_fkey'),
    PrimaryKeyConstraint('id', name='task_event_pkey')
)

made = Table(
    'made', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('owner_id', Uuid, primary_key=True),
    Column('key', Text, primary_key=True),
    Column('asset_id', Text(collation='C'), nullable=False),
    Column('job_id', Uuid, nullable=False),
    Column('facts', JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column('created_at', DateTime(True), nullable=False, server_default=text('now()')),
    ForeignKeyConstraint(['workspace_id', 'asset_id'], ['asset.workspace_id', 'asset.id'], name='made_workspace_id_asset_id_fkey'),
    ForeignKeyConstraint(['workspace_id', 'job_id'], ['provider_job.workspace_id', 'provider_job.id'], name='made_workspace_id_job_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'owner_id', 'key', name='made_pkey')
)

money = Table(
    'money', metadata,
    Column('workspace_id', Uuid, primary_key=True),
    Column('id', BigInteger, Identity(always=True, start=1, increment=1, minvalue=1, maxvalue=9223372036854775807, cycle=False, cache=1), primary_key=True, autoincrement=True),
    Column('job_id', Uuid, nullable=False),
    Column('kind', Text, nullable=False),
    Column('usd', Numeric(14, 6), nullable=False),
    Column('over_usd', Numeric(14, 6), nullable=False, server_default=text('0')),
    Column('at', DateTime(True), nullable=False, server_default=text('clock_timestamp()')),
    CheckConstraint("kind <> 'release'::text OR usd <= 0::numeric", name='money_check1'),
    CheckConstraint("kind <> 'reserve'::text OR usd >= 0::numeric", name='money_check'),
    CheckConstraint("kind = ANY (ARRAY['reserve'::text, 'settle'::text, 'release'::text])", name='money_kind_check'),
    CheckConstraint('over_usd >= 0::numeric', name='money_over_usd_check'),
    ForeignKeyConstraint(['workspace_id', 'job_id'], ['provider_job.workspace_id', 'provider_job.id'], name='money_workspace_id_job_id_fkey'),
    ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='money_workspace_id_fkey'),
    PrimaryKeyConstraint('workspace_id', 'id', name='money_pkey')
)
