-- Divides the large tables by tenant, while no proxy runs: stop all, run this as the owner of the tables, start one, then the others.
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -v partitions=64 -f partition.sql
-- Every key begins with tenant_id, so keys and queries stay as they are. The wall between tenants is put around the new tables by the first proxy
-- that starts. What was copied stands in tables called …_plain until you drop them.
begin;
set local colloquy.every_tenant = 'on';
set local colloquy.partitions = :'partitions';

do $$
declare
  name text;
  kept text;
  part int;
  parts constant int := current_setting('colloquy.partitions')::int;
begin
  foreach name in array array['conversations', 'messages', 'runs', 'events'] loop
    execute format('alter table %I rename to %I', name, name || '_plain');
    execute format('create table %I (like %I including all) partition by hash (tenant_id)', name, name || '_plain');
    for part in 0 .. parts - 1 loop
      execute format('create table %I partition of %I for values with (modulus %s, remainder %s)',
        name || '_' || part, name, parts, part);
    end loop;
    execute format('insert into %I select * from %I', name, name || '_plain');
    -- What refuses to change events, and whatever else an operator has put there.
    for kept in
      select pg_get_triggerdef(oid) from pg_trigger where tgrelid = format('%I', name || '_plain')::regclass and not tgisinternal
    loop
      execute replace(kept, name || '_plain', name);
    end loop;
  end loop;
end $$;

alter table messages
  add foreign key (tenant_id, conversation_id) references conversations (tenant_id, id);
commit;
analyze conversations, messages, runs, events;
