"""Judges what deploy/ ships in YAML. `compose`: the containers are locked up, and neither plane reaches the other's data.
`alerts SCRAPE…`: every metric that a rule asks for is exported in one of the scrapes, and every alert has its runbook.

Prints a line for each finding and ends with 1 if there is one.
"""

import re
import sys
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
PLANES = {"control": ["control", "migrate"], "card": ["card", "card-migrate"]}


def shipped_compose():
    """The compose example, read."""
    return yaml.safe_load((DEPLOY / "container/compose.yaml").read_text())


def compose(document=None):
    """Findings about container/compose.yaml, or about another document of its kind."""
    document = document or shipped_compose()
    services = document["services"]
    if set(services) != {name for names in PLANES.values() for name in names}:
        yield f"other services than expected: {sorted(services)}"
    for name, service in services.items():
        wanted = {
            "read_only": True,
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
            "user": "65532:65532",
            "stop_grace_period": "30s",
        }
        for key, value in wanted.items():
            if service.get(key) != value:
                yield f"{name}: {key} is {service.get(key)!r} and not {value!r}"
        if "profiles" not in service and "--live" not in service.get("healthcheck", {}).get("test", ""):
            yield f"{name}: nobody looks whether it is alive"
        if service.get("ulimits", {}).get("core") != 0:
            yield f"{name}: core dumps are on"
        for forbidden in ("privileged", "cap_add", "network_mode", "pid", "ipc", "devices"):
            if forbidden in service:
                yield f"{name}: {forbidden}"
        if not service["image"].rpartition(":")[2][:1].isdigit():
            yield f"{name}: {service['image']} has no version"
        for key in service.get("environment", {}):
            if any(word in key for word in ("SECRET", "PASSWORD", "TOKEN", "DATABASE")):
                yield f"{name}: {key} belongs into a file that is not shipped"
        for port in service.get("ports", []):
            if not port.startswith("127.0.0.1:"):
                yield f"{name}: {port} is open to everybody, without the balancer in front"
        for volume in service["volumes"]:
            source, target = volume.split(":")[:2]
            if target.startswith("/etc") and not volume.endswith(":ro"):
                yield f"{name}: {volume} can be written to"

    def reached(plane, what):
        return {
            entry.split(":")[0]
            for name in PLANES[plane]
            for entry in services[name].get(what, [])
        }

    if shared := reached("control", "volumes") & reached("card", "volumes"):
        yield f"both planes see {shared}"
    shared = reached("control", "networks") & reached("card", "networks")
    if shared != {"peer"}:
        yield f"both planes are on {shared}, and not on `peer` alone"
    if not document["networks"]["peer"].get("internal"):
        yield "`peer` leads out"


# What PromQL itself knows, as far as our rules use it.
PROMQL = {"and", "or", "by", "sum", "max", "min", "rate", "increase", "time", "min_over_time", "max_over_time"}
# Prometheus's own.
OWN = {"up"}
HEADINGS = ["## What it means", "## How to look", "## What to do", "## It is over when"]


def metrics_of(expression):
    """The names of metrics in an expression."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)", " ", bare)
    return set(re.findall(r"[a-z_][a-z0-9_]*", bare)) - PROMQL


def exported(scrapes):
    """The names of metrics in scrapes, with the endings that histograms have."""
    names = set()
    for scrape in scrapes:
        for line in Path(scrape).read_text().splitlines():
            if line and not line.startswith("#"):
                names.add(re.match(r"[a-zA-Z_:][a-zA-Z0-9_:]*", line).group())
    return names


def alerts():
    """Findings about prometheus/alerts.yml and the runbooks."""
    runbooks = DEPLOY.parent / "docs/runbooks"
    index = (runbooks / "README.md").read_text()
    known = exported(sys.argv[2:]) | OWN
    document = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())
    rules = [rule for group in document["groups"] for rule in group["rules"]]
    jobs = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["scrape_configs"]
    jobs = {job["job_name"] for job in jobs}
    names = [rule["alert"] for rule in rules]
    if len(names) < 15 or len(set(names)) != len(names):
        yield f"too few alerts, or one twice: {names}"
    for rule in rules:
        name, expression = rule["alert"], rule["expr"]
        for metric in sorted(metrics_of(expression) - known):
            yield f"{name}: no program exports {metric}"
        for matched in re.findall(r'job=~?"([^"]*)"', expression):
            if unknown := set(matched.split("|")) - jobs:
                yield f"{name}: no job is named {unknown}"
        if rule.get("labels", {}).get("severity") not in ("critical", "warning"):
            yield f"{name}: no severity"
        notes = rule.get("annotations", {})
        for note in ("summary", "description"):
            if not notes.get(note):
                yield f"{name}: no {note}"
        if notes.get("runbook_url") != f"docs/runbooks/{name}.md":
            yield f"{name}: its runbook is {notes.get('runbook_url')}"
        page = runbooks / f"{name}.md"
        if not page.is_file():
            yield f"{name}: no runbook"
            continue
        text = page.read_text()
        places = [text.find(heading) for heading in HEADINGS]
        if -1 in places or places != sorted(places):
            yield f"{name}: its runbook lacks one of {HEADINGS}"
        if f"]({name}.md)" not in index:
            yield f"{name}: its runbook is not in the index"
        quoted = re.findall(r"`([a-z_]+)[`{]", text)
        for metric in quoted:
            like_ours = metric.endswith(("_total", "_seconds", "_bytes", "_waiting", "_records"))
            if like_ours and metric not in known and f"{metric}_count" not in known:
                yield f"{name}: its runbook names {metric}, which no program exports"
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            if not (runbooks / link).exists():
                yield f"{name}: its runbook links {link}, which is not there"
    stray = {page.stem for page in runbooks.glob("*.md")} - set(names) - {"README", "restore"}
    if stray:
        yield f"runbooks without an alert: {sorted(stray)}"


def main():
    findings = list({"compose": compose, "alerts": alerts}[sys.argv[1]]())
    for finding in findings:
        print(f"{sys.argv[1]}: {finding}")
    print(f"deploy_check {sys.argv[1]}: {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
