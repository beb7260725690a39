//! Every command of ours that a document names, read by the real program; and on pages for whoever is woken, written so that it works
//! there: through `payphone-run`, unless it needs no configuration.

use std::{collections::BTreeSet, fs, process::Command};

use xtask::stand::{Proc, binary};

use super::{home::SERVICES, shipped, text};

/// What is named on pages by a word in capitals, and has to be a number.
const NUMBERS: [(&str, &str); 2] = [("SECONDS", "60"), ("N", "1")];
/// Sub-commands that read no configuration, and the roles, which are named and not typed.
const ALONE: [&str; 8] = [
    "peer-key",
    "wrapping-key",
    "openapi",
    "version",
    "all",
    "serve",
    "work",
    "config keys",
];

/// A command as a page has it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    page: String,
    /// Behind `payphone-run UNIT`, or the program alone.
    through_run: bool,
    program: String,
    args: Vec<String>,
}

/// The pages that operators read.
pub(super) fn operators_pages() -> Vec<String> {
    let mut operators: Vec<String> = fs::read_dir(shipped("docs/runbooks"))
        .unwrap()
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .map(|page| format!("docs/runbooks/{page}"))
        .collect();
    operators.extend(["deploy/README.md", "deploy/aws/README.md"].map(Into::into));
    operators.extend(SERVICES.map(|proc| format!("deploy/{}.toml", proc.binary())));
    operators
}

/// The pieces of code on a page: between backticks, or the lines of a shell's block.
pub(super) fn code(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, piece) in text.split("```").enumerate() {
        if at % 2 == 1 {
            let block = piece.strip_prefix("sh\n").unwrap_or_default();
            found.extend(block.lines().map(|line| line.trim().to_owned()));
        } else {
            // A comment of a TOML file may go on in the next line.
            let piece = piece.replace("\n#", "\n");
            found.extend(piece.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

fn commands(page: &str) -> Vec<Written> {
    let text = text(page);
    let read = |code: &String| {
        let words: Vec<&str> = code.split_whitespace().collect();
        let at = words.iter().position(|word| {
            let name = word.rsplit('/').next().unwrap_or_default();
            name == "payphone-run" || SERVICES.iter().any(|proc| name == proc.binary())
        })?;
        let name = words[at].rsplit('/').next()?;
        let (through_run, program, args) = if name == "payphone-run" {
            let (program, replica) = words.get(at + 1)?.split_once('@')?;
            replica.parse::<u32>().ok()?;
            (true, program, &words[at + 2..])
        } else {
            (words[..at].contains(&"exec"), name, &words[at + 1..])
        };
        // A file of this name, or the service itself.
        let is_command = args
            .first()
            .is_some_and(|first| first.starts_with(|c: char| c.is_ascii_lowercase()));
        is_command.then(|| Written {
            page: page.to_owned(),
            through_run,
            program: program.to_owned(),
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
        })
    };
    code(&text).iter().filter_map(read).collect()
}

/// Sub-commands and flags are there, as far as the program reads them before `--help` answers.
fn is_understood(written: &Written) -> Result<(), String> {
    let proc = SERVICES
        .into_iter()
        .find(|proc| proc.binary() == written.program)
        .ok_or("no program of ours")?;
    let mut asked = binary(proc).unwrap();
    for arg in &written.args {
        let number = NUMBERS.iter().find(|(word, _)| word == arg);
        asked.arg(number.map_or(arg.as_str(), |(_, number)| number));
    }
    let done = asked.arg("--help").output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if done.status.success() {
        Ok(())
    } else {
        Err(said)
    }
}

#[test]
fn every_command_of_ours_that_a_document_names_is_one_that_the_program_understands() {
    let others = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ];
    let found: BTreeSet<Written> = operators_pages()
        .iter()
        .chain(&others.map(str::to_owned))
        .flat_map(|page| commands(page))
        .collect();
    assert!(found.len() > 25, "{found:#?}");
    let wrong: Vec<_> = found
        .iter()
        .filter_map(|written| Some((written, is_understood(written).err()?)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The judge itself: neither is a command.
    for args in [["audit", "verfy"], ["health", "--alive"]] {
        let written = Written {
            page: String::new(),
            through_run: true,
            program: Proc::Control.binary().to_owned(),
            args: args.map(Into::into).to_vec(),
        };
        assert!(is_understood(&written).is_err(), "{written:?}");
    }
}

#[test]
fn operators_find_commands_that_have_what_the_service_has() {
    let found: Vec<Written> = operators_pages()
        .iter()
        .flat_map(|page| commands(page))
        .collect();
    let bare = |written: &&Written| {
        let line = written.args.join(" ");
        !written.through_run && !ALONE.iter().any(|alone| line.starts_with(alone))
    };
    let bare: Vec<&Written> = found.iter().filter(bare).collect();
    assert!(
        bare.is_empty(),
        "without the unit's secrets and variables: {bare:#?}"
    );
    assert!(found.iter().filter(|written| written.through_run).count() > 15);
}

#[test]
fn units_that_a_page_names_are_shipped() {
    let mut seen = BTreeSet::new();
    for page in operators_pages() {
        for line in code(&text(&page)) {
            let mut words = line.split_whitespace();
            let verbs = ["start", "stop", "restart", "status", "enable"];
            if words.next() != Some("systemctl") || !verbs.contains(&words.next().unwrap_or("")) {
                continue;
            }
            for unit in words.filter(|word| !word.starts_with('-')) {
                let unit = unit.trim_matches('\'');
                let template = unit.split_once('@').map(|(name, _)| format!("{name}@"));
                let name = template.unwrap_or_else(|| unit.to_owned());
                let file = shipped(&format!("deploy/systemd/{name}.service"));
                assert!(unit == "payphone*" || file.exists(), "{page}: {line}");
                seen.insert(name);
            }
        }
    }
    assert!(seen.len() >= 5, "{seen:?}");
}

/// `/etc` is another one for this process and its children alone.
#[test]
fn without_a_file_named_the_one_in_etc_is_read_and_said_to_be_missing() {
    const INSIDE: &str = "mkdir \"$1/etc\"; cp -a /etc/. \"$1/etc\" 2>/dev/null || :; \
        mount --bind \"$1/etc\" /etc; shift; exec \"$@\"";
    for proc in SERVICES {
        let name = proc.binary();
        let run = |file: bool| {
            let folder = tempfile::tempdir().unwrap();
            let place = format!("/etc/{name}/{name}.toml");
            let put = format!(
                "mkdir -p /etc/{name}; printf '[admin]\\nlisten = 7\\n' > {place}; exec \"$@\""
            );
            let put = if file { put } else { "exec \"$@\"".to_owned() };
            let mut command = Command::new("unshare");
            command
                .args([
                    "--map-root-user",
                    "--mount",
                    "--propagation",
                    "private",
                    "--",
                ])
                .args(["/bin/sh", "-e", "-c", INSIDE, "inside"])
                .arg(folder.path())
                .args(["/bin/sh", "-e", "-c", &put, "inside"]);
            let program = binary(proc).unwrap();
            command.arg(program.get_program()).args(program.get_args());
            let done = command.args(["config", "print"]).output().unwrap();
            assert_eq!(done.status.code(), Some(2), "{done:?}");
            String::from_utf8_lossy(&done.stderr).into_owned()
        };
        let missing = run(false);
        let place = format!("there is no /etc/{name}/{name}.toml, and --config FILE");
        assert!(missing.contains(&place), "{missing}");
        let wrong = run(true);
        assert!(
            wrong.contains("admin.listen") && !wrong.contains("there is no"),
            "{wrong}"
        );
    }
}
