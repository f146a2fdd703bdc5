import { sql } from 'kysely'
import type { Idioms } from '../idioms.js'

/** A condition of a trigger may ask no other table, so a function does. */
export const keep: Idioms['keep'] = (table, mayChange) => {
  const refuse = sql.ref(`keep_${table}`)
  const on = sql.table(table)
  return [
    sql`create function ${refuse}() returns trigger language plpgsql as $$ begin
      if tg_op = 'UPDATE' then
        if ${mayChange} then return new; end if;
      end if;
      raise exception 'rows are only added' using errcode = 'restrict_violation';
    end $$`,
    sql`create trigger ${sql.ref(`${table}_stay`)} before update or delete on ${on}
      for each row execute function ${refuse}()`,
    // Row by row nobody is asked then.
    sql`create trigger ${sql.ref(`${table}_not_emptied`)} before truncate on ${on}
      for each statement execute function ${refuse}()`,
  ]
}
