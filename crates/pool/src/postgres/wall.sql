-- Holes in the wall between tenants, each as a sentence. $1 is the tenant's role, $2 the system's, $3 the tables of `public` that have a
-- `tenant_id` and yet belong to people, with commas between.
WITH
-- What the service logs in as, and the two roles that its transactions take.
ours AS (
    SELECT oid, rolname, rolsuper FROM pg_roles WHERE rolname IN (session_user, $1, $2)
),
-- All but the catalogues and what is temporary.
relations AS (
    SELECT c.*, n.nspname AS schema,
        CASE n.nspname WHEN 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
),
-- Roles that no role of ours has any business to belong to: they may much by themselves, own something, or have rights on something.
mighty AS (
    SELECT oid, rolname FROM pg_roles
    WHERE rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication OR rolname ~ '^pg_'
    UNION
    SELECT r.oid, r.rolname FROM relations c JOIN pg_roles r ON r.oid = c.relowner
    UNION
    SELECT r.oid, r.rolname FROM relations c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
    UNION
    SELECT r.oid, r.rolname FROM relations c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
        JOIN pg_roles r ON r.oid = a.grantee
),
tenant_tables AS (
    SELECT c.*, CASE c.name WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END AS tenant
    FROM relations c
    WHERE c.relkind IN ('r', 'p', 'f') AND c.name <> ALL (string_to_array($3, ','))
    AND (c.name = 'tenants'
        OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped))
),
-- The policies that the migrations make, as the catalogue words them.
policies AS (
    SELECT oid, CASE rolname WHEN $2 THEN 'true'
        ELSE '((%I)::text = NULLIF(current_setting(''payphone.tenant''::text, true), ''''::text))' END AS expression
    FROM pg_roles WHERE rolname IN ($1, $2)
)
SELECT format('the role %s is not there, or the login may not take it', wanted)
FROM unnest(ARRAY[$1, $2]) AS wanted
WHERE NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = wanted AND pg_has_role(session_user, r.oid, 'MEMBER'))
UNION ALL
SELECT format('the role %s is a superuser, or may bypass row-level security, make roles or replicate', o.rolname)
FROM ours o JOIN pg_roles r ON r.oid = o.oid
WHERE r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication
UNION ALL
SELECT format('the role %s owns tables, or belongs to a role that does', o.rolname)
FROM ours o WHERE EXISTS (SELECT 1 FROM relations c WHERE pg_has_role(o.oid, c.relowner, 'MEMBER'))
UNION ALL
-- The login belongs to the two roles, and none of the three to anybody else. A superuser belongs to all, and was named.
SELECT format('the role %s belongs to %s, which may more', o.rolname, m.rolname)
FROM ours o JOIN mighty m ON m.oid <> o.oid AND pg_has_role(o.oid, m.oid, 'MEMBER')
WHERE NOT o.rolsuper AND NOT (o.rolname = session_user AND m.rolname IN ($1, $2))
UNION ALL
SELECT format('the login has the rights of %s without taking it: it must be NOINHERIT', r.rolname)
FROM pg_roles r WHERE r.rolname IN ($1, $2) AND pg_has_role(session_user, r.oid, 'USAGE')
UNION ALL
SELECT format('the table %s has a tenant and is outside the schema public', t.name)
FROM tenant_tables t WHERE t.schema <> 'public'
UNION ALL
SELECT format('the table %s has a tenant and no forced row-level security with exactly our policy for each of both roles', t.name)
FROM tenant_tables t
WHERE NOT (t.relrowsecurity AND t.relforcerowsecurity)
OR (SELECT count(*) FROM pg_policy p WHERE p.polrelid = t.oid) <> 2
OR (SELECT count(*) FROM pg_policy p JOIN policies ours ON p.polroles = ARRAY[ours.oid]
    WHERE p.polrelid = t.oid AND p.polpermissive AND p.polcmd = '*'
    AND pg_get_expr(p.polqual, t.oid) = format(ours.expression, t.tenant)
    AND pg_get_expr(p.polwithcheck, t.oid) = format(ours.expression, t.tenant)) <> 2
UNION ALL
-- A view reads with the rights of its owner unless it is told otherwise, and a materialised one has read already. Those of extensions
-- know nothing of our tables.
SELECT format('the view %s reads past the wall, and our roles may use it', c.name)
FROM relations c
WHERE (c.relkind = 'm' OR c.relkind = 'v' AND NOT EXISTS (SELECT 1 FROM pg_options_to_table(c.reloptions) v
    WHERE v.option_name = 'security_invoker' AND v.option_value IN ('true', 'on', 'yes', '1')))
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
AND EXISTS (SELECT 1 FROM ours o
    WHERE has_any_column_privilege(o.oid, c.oid, 'SELECT, INSERT, UPDATE') OR has_table_privilege(o.oid, c.oid, 'DELETE'))
UNION ALL
SELECT format('the function %s runs with the rights of its owner, and our roles may use it', p.oid::regprocedure)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
AND EXISTS (SELECT 1 FROM ours o WHERE has_function_privilege(o.oid, p.oid, 'EXECUTE'))
ORDER BY 1
