//! The shipped units under systemd itself, set up, asked, backed up and restored by the very commands of `deploy/README.md` and of the
//! runbooks: what an operator types has the user, the secrets and the variables of the service.

use super::{
    commands::{code, operators_pages},
    machine::{Machine, part},
    text,
};
use walk::soon;

/// The commands of a text that are typed as they stand, in its order.
fn typed(text: &str) -> Vec<String> {
    let begins =
        |line: &String| line.starts_with("payphone-run ") || line.starts_with("systemctl ");
    code(text).into_iter().filter(begins).collect()
}

/// The fenced block of a shell in a text.
fn block(text: &str) -> String {
    let (_, rest) = text.split_once("```sh\n").expect("a block");
    let (block, _) = rest.split_once("```").expect("its end");
    let lines: Vec<&str> = block.lines().map(str::trim).collect();
    lines.join("\n")
}

#[test]
fn a_machine_is_set_up_and_restored_by_the_commands_of_its_documents() {
    let Some(machine) = Machine::start() else {
        return;
    };
    let first = typed(&part(
        "deploy/README.md",
        "\n1. On PostgreSQL",
        "With containers",
    ));
    assert!(first.len() >= 5, "{first:?}");
    for line in &first {
        machine.succeeds(line);
    }
    assert_eq!(
        machine.succeeds("payphone-run payphone@1 health").trim(),
        "ready"
    );
    // The port is in 1.env: the program alone asks at another one, and says where.
    let (code, said) = machine.shell("payphone health");
    assert!(
        code == Some(1) && said.contains("127.0.0.1:8081"),
        "{code:?} {said}"
    );

    // Everything that the pages have people type, as it stands.
    let mut looks: Vec<String> = operators_pages()
        .iter()
        .flat_map(|page| typed(&text(page)))
        .collect();
    looks.sort_unstable();
    looks.dedup();
    looks.retain(|line| line.starts_with("payphone-run ") && !line.contains("SECONDS"));
    let (explain, looks): (Vec<_>, Vec<_>) =
        looks.into_iter().partition(|line| line.contains("ARN"));
    let beside = |line: &&String| !line.contains(" rewrap") && !line.contains(" backup ");
    let looks: Vec<&String> = looks.iter().filter(beside).collect();
    assert!(
        looks.len() >= 8 && !explain.is_empty(),
        "{looks:?} {explain:?}"
    );
    for line in looks {
        machine.succeeds(line);
    }
    for line in explain {
        let line = line
            .replace(
                "ARN",
                "arn:aws:license-manager:us-east-1:111122223333:license:l-1",
            )
            .replace("TIME", "2026-11-22T10:00:00Z");
        let (code, said) = machine.shell(&line);
        assert!(
            code == Some(1) && said.contains("licence"),
            "{code:?} {said}"
        );
    }
    let printed = machine.succeeds("payphone-run payphone@1 config print");
    assert!(
        printed.contains("key_file = \"/run/credentials/payphone-run-"),
        "{printed}"
    );

    let backup = part(
        "docs/runbooks/restore.md",
        "**SQLite**, while the service runs",
        "**PostgreSQL on RDS",
    );
    machine.succeeds(&block(&backup));
    let kept = "stat --format=%a /var/backups/payphone.backup /var/backups/payphone-card.backup";
    assert_eq!(machine.succeeds(kept), "600\n600\n");
    machine.succeeds("systemctl stop payphone@1");
    let restore = part(
        "docs/runbooks/restore.md",
        "## Restore",
        "**RDS or Aurora**",
    );
    machine.succeeds(&block(&restore));
    machine.succeeds("systemctl start payphone-migrate payphone@1");
    assert_eq!(
        machine
            .succeeds("payphone-run payphone@1 health --wait 60")
            .trim(),
        "ready"
    );
    machine.succeeds("payphone-run payphone@1 audit verify");
    let owners = machine.succeeds("stat --format='%U %a' /var/lib/payphone/payphone.db");
    assert_eq!(owners, "payphone 600\n");
}

/// What a person has to mend ends a unit at once; what is only away is tried again until it is there.
#[test]
fn a_unit_waits_for_its_database_and_not_for_a_person() {
    let Some(machine) = Machine::start() else {
        return;
    };
    machine.succeeds("systemctl start payphone-migrate");
    let set = |variable: &str| {
        machine.succeeds(&format!("echo '{variable}' > /etc/payphone/database.env"));
    };
    let shown = |what: &str| {
        machine.succeeds(&format!(
            "systemctl show --value --property={what} payphone@1"
        ))
    };
    set("PAYPHONE__METERING__CALLS_PER_SECOND=99");
    let (code, said) = machine.shell("systemctl start payphone@1");
    assert_ne!(code, Some(0), "{said}");
    soon("it is given up", || {
        (shown("ActiveState").trim() == "failed").then_some(())
    });
    assert_eq!(
        (shown("ExecMainStatus").trim(), shown("NRestarts").trim()),
        ("2", "0")
    );

    // Nobody listens there.
    set(
        "PAYPHONE__DATABASE__URL=postgres://payphone_login:x@127.0.0.1:1/payphone?sslmode=verify-full",
    );
    machine.succeeds("systemctl reset-failed payphone@1; systemctl start --no-block payphone@1");
    soon("it is tried again and again", || {
        let restarts: u32 = shown("NRestarts").trim().parse().ok()?;
        (restarts >= 2).then_some(())
    });
    set("");
    soon("it is there", || {
        (shown("ActiveState").trim() == "active").then_some(())
    });
    assert_eq!(
        machine.succeeds("payphone-run payphone@1 health").trim(),
        "ready"
    );
}

#[test]
fn a_command_has_what_its_unit_has_and_nothing_else_is_run() {
    let Some(machine) = Machine::start() else {
        return;
    };
    machine.succeeds("systemctl start payphone-migrate payphone-card-migrate");
    // Also while the service is stopped, and the exit code is the program's.
    let rewrapped = machine.succeeds("payphone-run payphone-card@1 rewrap");
    assert!(rewrapped.contains("none is left"), "{rewrapped}");
    let health = machine.shell("payphone-run payphone-card@1 health");
    assert!(
        health.0 == Some(1) && health.1.contains("127.0.0.1:18091"),
        "{health:?}"
    );
    // Neither root nor free to write: its own folder is all.
    let refused = machine.shell("payphone-run payphone@1 backup --to /var/backups/payphone.db");
    assert!(
        refused.0 == Some(1) && refused.1.contains("Read-only"),
        "{refused:?}"
    );
    machine.succeeds("payphone-run payphone@1 backup --to '/var/lib/payphone/two words.db'");
    machine.succeeds("test -f '/var/lib/payphone/two words.db'");

    // A drop-in counts: with the key in KMS the file is not handed over.
    let to_kms = "sed -i -e 's/^wrapping_key_file = /#&/' -e 's/^#kms_key_arn = /kms_key_arn = /' /etc/payphone-card/payphone-card.toml";
    machine.succeeds(to_kms);
    let both = machine.shell("payphone-run payphone-card@1 config check");
    assert!(both.0 == Some(2) && both.1.contains("not both"), "{both:?}");
    let folder = "/etc/systemd/system/payphone-card@.service.d";
    machine.succeeds(&format!(
        "mkdir {folder}; cat > {folder}/kms.conf <<'END'\n{}END\nsystemctl daemon-reload",
        text("deploy/systemd/kms.conf")
    ));
    machine.succeeds("payphone-run payphone-card@1 config check");

    // However it is written; and nothing of it is passed over in silence.
    let folder = "/etc/systemd/system/payphone@.service.d";
    machine.succeeds(&format!("mkdir {folder}"));
    let drop_in = |text: &str| {
        machine.succeeds(&format!(
            "printf '%s\\n' '[Unit]' 'OnFailure=dbus.service' '[Service]' '{text}' > {folder}/more.conf; systemctl daemon-reload"
        ));
    };
    drop_in(
        "  Environment = PAYPHONE__LOG__LEVEL=warn \\\n# between\n  \"PAYPHONE__SUPPORT__EMAIL=a%%b c@example.com\"",
    );
    let printed = machine.succeeds("payphone-run payphone@1 config print");
    for line in ["level = \"warn\"", "email = \"a%b c@example.com\""] {
        assert!(printed.contains(line), "{line}: {printed}");
    }
    drop_in("Environment=PAYPHONE__MAIL__FROM=nobody@%H");
    let unknown = machine.shell("payphone-run payphone@1 config print");
    assert!(
        unknown.0 == Some(2) && unknown.1.contains("nobody@%H"),
        "{unknown:?}"
    );

    machine.succeeds("mkdir /tmp/seen");
    for unit in [
        "payphone",
        "payphone@",
        "payphone@1;touch /tmp/seen/1",
        "payphone@$(touch /tmp/seen/2)",
        "payphone@../../tmp",
        "payphone@1\n--property=User=root",
        "--property=User=root",
        "dbus",
        "",
    ] {
        let (code, said) = machine.run(&["payphone-run", unit, "config", "check"]);
        assert!(
            code == Some(2) && said.starts_with("usage: "),
            "{unit}: {code:?} {said}"
        );
    }
    assert_eq!(machine.succeeds("ls /tmp/seen"), "");
    let unknown = machine.run(&["payphone-run", "payphone-migrate@1", "config", "check"]);
    assert_eq!(unknown.0, Some(2), "{unknown:?}");
}
