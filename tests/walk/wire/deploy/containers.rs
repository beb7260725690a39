//! The container files, read: without a container engine here, what they promise is looked up in them, and what they run is run outside
//! (see `production`). The compose example is judged by `tests/oracle/deploy_check.py`, with a YAML parser.

use xtask::stand::{Proc, binary};

use super::{
    home::{Home, SERVICES},
    text,
};

/// One instruction, with the lines it goes on over put together.
fn instructions() -> Vec<(String, String)> {
    let text = text("deploy/container/Containerfile");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    let pair = |line: &str| {
        let (name, rest) = line.trim().split_once(' ')?;
        Some((name.to_owned(), rest.trim().to_owned()))
    };
    joined.lines().filter_map(pair).collect()
}

/// The instructions of each target, by the service's program.
fn targets() -> Vec<(String, Vec<(String, String)>)> {
    let mut targets: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for (name, rest) in instructions() {
        if name == "FROM" {
            let (_, target) = rest.split_once(" AS ").expect("every stage has a name");
            targets.push((target.to_owned(), Vec::new()));
        }
        targets
            .last_mut()
            .expect("a stage first")
            .1
            .push((name, rest));
    }
    targets
}

fn one<'a>(instructions: &'a [(String, String)], name: &str) -> &'a str {
    let found: Vec<&str> = instructions
        .iter()
        .filter(|(found, _)| found == name)
        .map(|(_, rest)| rest.as_str())
        .collect();
    assert_eq!(found.len(), 1, "one {name}: {found:?}");
    found[0]
}

/// The words of an exec form.
fn words(exec: &str) -> Vec<String> {
    serde_json::from_str(exec).unwrap_or_else(|_| panic!("no exec form: {exec}"))
}

#[test]
fn the_images_run_as_nobody_check_their_health_themselves_and_take_nothing_from_elsewhere() {
    let names: Vec<String> = targets().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["build", "payphone", "payphone-card"]);
    for (name, rest) in instructions() {
        match &*name {
            "FROM" => {
                let image = rest.split(' ').next().unwrap();
                let (_, tag) = image.rsplit_once(':').expect("a tag");
                assert!(tag != "latest" && !tag.contains('/'), "{image}");
            }
            "ADD" => panic!("COPY takes files from here, ADD from anywhere: {rest}"),
            "ARG" | "ENV" => panic!("what is in an image stays in its history: {rest}"),
            "RUN" | "CMD" | "ENTRYPOINT" => drop(words(&rest)),
            _ => {}
        }
    }
    let rust = one(&targets()[0].1, "FROM").to_owned();
    let manifest = text("Cargo.toml");
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "));
    let version = version
        .expect("the oldest Rust that builds us")
        .trim_matches('"');
    assert!(rust.contains(&format!("/rust:{version}.")), "{rust}");
}

#[test]
fn each_image_starts_and_asks_its_own_program() {
    for (proc, role) in [(Proc::Control, "all"), (Proc::Card, "serve")] {
        let name = proc.binary();
        let targets = targets();
        let found = targets.iter().find(|(target, _)| target == name);
        let (_, instructions) = found.expect("its target");
        let program = format!("/usr/local/bin/{name}");
        let config = format!("/etc/{name}/{name}.toml");
        let start = [&program, "--config", &*config];
        assert_eq!(words(one(instructions, "ENTRYPOINT")), start);
        assert_eq!(words(one(instructions, "CMD")), [role]);
        assert_eq!(one(instructions, "USER"), "65532:65532");
        assert_eq!(one(instructions, "STOPSIGNAL"), "SIGTERM");
        assert_eq!(
            words(one(instructions, "VOLUME")),
            [format!("/var/lib/{name}")]
        );
        let label = one(instructions, "LABEL");
        let version = format!("image.version=\"{}\"", env!("CARGO_PKG_VERSION"));
        assert!(label.contains(&version), "{label}");

        let (_, check) = one(instructions, "HEALTHCHECK")
            .split_once("CMD ")
            .expect("a command");
        let check = words(check);
        assert_eq!(check[..3], start);
        // The same words, understood by the program itself.
        let mut asked = binary(proc).unwrap();
        let help = asked.args(&check[3..]).arg("--help").output().unwrap();
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        assert!(help.contains("--live"), "{check:?}: {help}");
        let mut all = binary(proc).unwrap();
        let all = all.arg("--help").output().unwrap();
        let all = String::from_utf8_lossy(&all.stdout).into_owned();
        for command in ["health", role] {
            assert!(all.contains(&format!("\n  {command} ")), "{all}");
        }
        // The shipped configuration keeps its data where the volume is.
        let shipped = text(&format!("deploy/{name}.toml"));
        assert!(
            shipped.contains(&format!("url = \"sqlite:///var/lib/{name}/")),
            "{name}"
        );
    }
}

#[test]
fn the_compose_example_keeps_the_planes_apart_and_its_containers_locked_up() {
    xtask::oracle::deploy_check("compose").expect("0 findings");
}

/// The shipped configuration under the variables of the example, judged by the programs themselves.
#[test]
fn the_planes_of_the_compose_example_speak_plain_http_because_it_says_why() {
    let compose = text("deploy/container/compose.yaml");
    for (proc, role) in SERVICES.into_iter().zip(["all", "serve"]) {
        let mut home = Home::new(proc);
        let prefix = format!("{}__", proc.binary().to_uppercase().replace('-', "_"));
        let variables = compose
            .lines()
            .filter_map(|line| line.trim().strip_prefix(&prefix)?.split_once(": "));
        let mut set = 0;
        for (key, value) in variables {
            home.set(key, value.to_owned());
            set += 1;
        }
        assert_eq!(set, 3, "{prefix}");
        home.run(&["config", "check"]);
        // Each start says it; this one ends at the database, which nobody has migrated.
        home.set("ADMIN__LISTEN", "127.0.0.1:0".to_owned());
        let (code, said) = home.ask(&[role]);
        assert!(code == Some(2) && said.contains("migrate` first"), "{said}");
        assert!(said.contains("the peer is asked in plain http"), "{said}");
        assert!(said.contains("leads nowhere else"), "{said}");
        home.unset("PEER__PLAIN_HTTP");
        for command in [["config", "check"].as_slice(), &[role]] {
            let (code, said) = home.ask(command);
            assert_eq!(code, Some(2), "{command:?}: {said}");
            assert!(said.contains("peer.url must begin with https://"), "{said}");
        }
    }
}
