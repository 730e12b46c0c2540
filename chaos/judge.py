"""What clients were told against what is there."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from chaos.people import Act, Day

MOST_NAMED = 5


@dataclass(frozen=True)
class Row:
    """One kind of thing that clients do."""

    kind: str
    begun: int
    told: int
    there: int
    missing: int
    doubled: int


@dataclass
class Verdict:
    """What was found."""

    rows: list[Row] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def demand(self, wrong: Iterable[str], words: str) -> None:
        """What is in `wrong` should not be."""
        found = list(wrong)
        if found:
            self.problems.append(f"{len(found)} {words}, such as {', '.join(found[:MOST_NAMED])}")


def judge(day: Day, facts: dict[str, Any], mails: list[dict[str, Any]], *, workers_killed: int) -> Verdict:
    """Everything that must hold."""
    verdict = Verdict()
    _acts(verdict, day, facts)
    _notices(verdict, day, facts)
    _mail(verdict, facts, mails, workers_killed)
    audit = facts["audit"]
    verdict.facts["entries of the audit, in links"] = f"{audit['entries']} in {audit['links']}"
    verdict.demand([audit["broken"]] if audit["broken"] else [], "break of the audit")
    verdict.demand([row["reference"] for row in facts["files"] if not row["whole"]], "papers do not open")
    verdict.demand([complaint for complaint in day.complaints if ": 500 at" in complaint], "pages of a fault of ours")
    parts = facts["ready"].get("parts", {})
    verdict.demand([f"{name} {state}" for name, state in parts.items() if state != "ok"], "parts have not recovered")
    if not parts:
        verdict.problems.append("/readyz does not answer")
    return verdict


def _acts(verdict: Verdict, day: Day, facts: dict[str, Any]) -> None:
    """Each kind of thing: there if it was told of, and never twice."""
    applications, events = facts["applications"], facts["events"]
    bodies = Counter(row["body"] for row in facts["messages"])
    reviews = Counter(reference for reference, _who, status in facts["reviews"] if status == "submitted")
    decisions = Counter(reference for reference, _kind, _status, _id in facts["decisions"])
    papers = Counter(row["words"].split("\n")[0] for row in facts["files"])

    def history(kind: str) -> Callable[[Act], int]:
        return lambda act: int(events.get(act.reference, {}).get(kind, 0))

    def submitted(act: Act) -> int:
        found = history("submit")(act)
        return found if applications.get(act.reference, {}).get("submitted") else 0

    def approved(act: Act) -> int:
        return history("approve")(act) if applications[act.reference]["status"] == "approved" else 0

    counts: dict[str, Callable[[Act], int]] = {
        "submit": submitted,
        "message": lambda act: bodies[act.words],
        "answer": lambda act: sum(act.words in text for text in facts["answers"].get(act.reference, [])),
        "file": lambda act: papers[act.words],
        "pass": history("pass_eligibility"),
        "assign": history("reviewer"),
        "review": lambda act: reviews[act.reference],
        "propose": lambda act: decisions[act.reference],
        "approve": approved,
    }
    for kind, count in counts.items():
        acts = [act for act in day.acts if act.kind == kind]
        there = {id(act): count(act) for act in acts}
        missing = [act.reference for act in acts if act.told and not there[id(act)]]
        doubled = [act.reference for act in acts if there[id(act)] > 1]
        found = sum(bool(number) for number in there.values())
        verdict.rows.append(Row(kind, len(acts), sum(act.told for act in acts), found, len(missing), len(doubled)))
        verdict.demand(missing, f"of kind “{kind}” that clients were told of are missing")
        verdict.demand(doubled, f"of kind “{kind}” are there twice")
        verdict.demand([act.reference for act in acts if not act.told], f"of kind “{kind}” were never told to be done")


def _notices(verdict: Verdict, day: Day, facts: dict[str, Any]) -> None:
    """Every notice that follows from what is there exists, once for each receiver."""
    keys = [row["key"] for row in facts["outbox"] if row["topic"] == "mail"]
    events = {key.removeprefix("mail:").rpartition(":")[0] for key in keys}
    wanted = []
    for reference, row in facts["applications"].items():
        if row["submitted"]:
            wanted += [(f"submitted:{row['id']}", reference), (f"new:{row['id']}", reference)]
    wanted += [(f"message:{row['id']}", row["reference"]) for row in facts["messages"]]
    missing = [f"{event} of {reference}" for event, reference in wanted if event not in events]
    verdict.demand(missing, "notices are missing")
    twice = [key for key, count in Counter(keys).items() if count > 1]
    verdict.demand(twice, "notices are there twice")
    verdict.facts["notices that must exist"] = len(wanted)
    verdict.facts["notices in all"] = len(keys)


def _mail(verdict: Verdict, facts: dict[str, Any], mails: list[dict[str, Any]], workers_killed: int) -> None:
    """What is called sent arrived once; what is in doubt is listed, and no more than workers were killed."""
    arrived = Counter(str(message["message_id"]) for message in mails)
    rows = [row for row in facts["outbox"] if row["topic"] == "mail"]
    sent = [row for row in rows if row["status"] == "sent"]
    doubtful = [row for row in facts["outbox"] if row["status"] == "doubtful"]
    failed = [row for row in facts["outbox"] if row["status"] == "failed"]
    verdict.demand([row["key"] for row in sent if not arrived[row["message_id"]]], "notices called sent never arrived")
    may_be_twice = {row["message_id"] for row in doubtful}
    twice = [name for name, count in arrived.items() if count > 1 and name not in may_be_twice]
    verdict.demand(twice, "messages arrived twice and nobody was told")
    left = [row["key"] for row in facts["outbox"] if row["status"] in {"pending", "sending"}]
    verdict.demand(left, "things still wait to be sent")
    verdict.demand([f"{row['key']} ({row['error']})" for row in failed], "things were given up")
    if len(doubtful) > workers_killed:
        words = f"notices are doubtful, and {workers_killed} workers were killed"
        verdict.demand([row["key"] for row in doubtful], words)
    verdict.facts["messages that arrived"] = len(mails)
    verdict.facts["doubtful notices, workers killed"] = f"{len(doubtful)}, {workers_killed}"
    verdict.facts["tasks that failed and have not run well since"] = (
        ", ".join(f"{name} ({error})" for name, error in facts["failed_tasks"]) or "none"
    )
