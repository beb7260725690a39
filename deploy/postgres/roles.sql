-- Roles and databases of Payphone on PostgreSQL. Run once, by somebody who may make roles (on RDS the master user):
--
--   OWNER_PASSWORD=… LOGIN_PASSWORD=… CARD_OWNER_PASSWORD=… CARD_LOGIN_PASSWORD=… psql --file=roles.sql
--
-- with the server in PGHOST, PGUSER and a password file: what stands in arguments can be read by everybody on the machine. psql is of
-- version 15 or newer.
--
-- Each service has four roles, and a database of its own:
--
--   …_owner    owns the database and its tables; only `migrate` logs in as it.
--   …_login    what the service logs in as. It has no rights of its own (NOINHERIT) until a transaction takes one of the two roles below.
--   …_tenant   sees the rows of the one tenant that the transaction is for (row-level security).
--   …_system   sees what belongs to nobody, and all tenants: the inbox, background work, the operator's views.
--
-- A server whose log_statement is ddl, mod or all writes these statements, with their passwords, into its log. There make the roles
-- without them, and give them by psql's \password, which sends a verifier.
--
-- None is a superuser or may bypass row-level security; the services look, and refuse to start otherwise.

\getenv owner_password OWNER_PASSWORD
\getenv login_password LOGIN_PASSWORD
\getenv card_owner_password CARD_OWNER_PASSWORD
\getenv card_login_password CARD_LOGIN_PASSWORD

CREATE ROLE payphone_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
CREATE ROLE payphone_login LOGIN NOINHERIT PASSWORD :'login_password' NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
CREATE ROLE payphone_tenant NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
CREATE ROLE payphone_system NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
GRANT payphone_tenant, payphone_system TO payphone_login;

CREATE ROLE payphone_card_owner LOGIN PASSWORD :'card_owner_password' NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
CREATE ROLE payphone_card_login LOGIN NOINHERIT PASSWORD :'card_login_password' NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
CREATE ROLE payphone_card_tenant NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
CREATE ROLE payphone_card_system NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
GRANT payphone_card_tenant, payphone_card_system TO payphone_card_login;

-- A database is its owner's; nobody else gets in.
GRANT payphone_owner, payphone_card_owner TO CURRENT_USER;
CREATE DATABASE payphone OWNER payphone_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
CREATE DATABASE payphone_card OWNER payphone_card_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
REVOKE payphone_owner, payphone_card_owner FROM CURRENT_USER;
REVOKE CONNECT ON DATABASE payphone, payphone_card FROM PUBLIC;
GRANT CONNECT ON DATABASE payphone TO payphone_login;
GRANT CONNECT ON DATABASE payphone_card TO payphone_card_login;
