"""People of the day. Each does what a person does: looks, writes, sends, and looks again when no answer came."""

import queue
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chaos.browser import Answer, Browser, Form, Unknown
from config.local.demo_accounts import DOMAIN, PASSWORD, code_of, has_second_step

# Somebody gives up for the day after so long; who gets no answer waits a little longer each time.
PATIENCE_SECONDS = 900.0
MOST_PAUSES = 12


@dataclass
class Act:
    """One thing that somebody did, and whether they were told that it is done."""

    kind: str
    reference: str
    words: str = ""
    told: bool = False
    tries: int = 0


@dataclass
class Day:
    """What all of them share."""

    site: str
    # Seconds by which the clock of the web process is ahead; the authenticator app of a person whose server says that
    # it is later than it is would show other codes, so that they wait until theirs is taken.
    ahead: Callable[[], float]
    reviewer: str
    acts: list[Act] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    browsers: list[Browser] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    to_judge: "queue.Queue[str]" = field(default_factory=queue.Queue)
    to_review: "queue.Queue[str]" = field(default_factory=queue.Queue)
    to_propose: "queue.Queue[str]" = field(default_factory=queue.Queue)
    to_approve: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def begin(self, kind: str, reference: str, words: str = "") -> Act:
        """Somebody sets out to do this."""
        act = Act(kind, reference, words)
        with self.lock:
            self.acts.append(act)
        return act

    def complain(self, words: str) -> None:
        """Something that should not be: kept for the report."""
        with self.lock:
            self.complaints.append(words)


class Person:
    """Somebody who can sign in."""

    def __init__(self, day: Day, email: str, chance: random.Random) -> None:
        self.day, self.email, self.chance = day, email, chance
        # The people of the demo are let in at this machine alone.
        self.browser = Browser(day.site, here=email.endswith(DOMAIN))
        self.used: set[str] = set()
        day.browsers.append(self.browser)

    def keep_trying(self, act: Act, step: Callable[[], bool]) -> bool:
        """Until `step` says that it is done; False when the person gave up, and does not know."""
        end, why = time.monotonic() + PATIENCE_SECONDS, "no answer that says so"
        while time.monotonic() < end:
            act.tries += 1
            try:
                if step():
                    act.told = True
                    return True
            except Unknown as unknown:
                why = str(unknown)
                if str(unknown).startswith("500"):
                    self.day.complain(f"{act.kind}: {unknown}")
            time.sleep(self.chance.uniform(0.3, 1.5) * min(act.tries, MOST_PAUSES))
        self.day.complain(f"{act.kind} of {act.reference}: given up after {act.tries} tries: {why}")
        return False

    def page(self, path: str) -> Answer:
        """A page, after signing in where that is asked."""
        answer = self.browser.get(path)
        if "/accounts/login/" in answer.path or "/2fa/" in answer.path:
            self.sign_in()
            answer = self.browser.get(path)
        if "/accounts/login/" in answer.path or "/2fa/" in answer.path:
            time.sleep(3)
            raise Unknown("not signed in")
        return answer

    def sign_in(self) -> None:
        """By the form. A code counts once, so that somebody who must show another waits for it. Raises Unknown."""
        page = self.browser.get("/accounts/login/")
        form = page.form("", having="password")
        if form is not None:
            self.browser.post(
                form.action or page.path, form.values | {"login": self.email, "password": PASSWORD}, came_from=page.path
            )
        if not has_second_step(self.email):
            return
        page = self.browser.get("/accounts/2fa/authenticate/")
        form = page.form("", having="code")
        if form is None:
            return
        # An app shows a code for half a minute, and each counts once.
        code = code_of(self.email, time.time() + self.day.ahead())
        if code in self.used:
            time.sleep(3)
            raise Unknown("waiting for the next code")
        self.used.add(code)
        self.browser.post(form.action or page.path, form.values | {"code": code}, came_from=page.path)

    def send(self, path: str, form: Form, values: dict[str, str], **more: Any) -> Answer:
        """Send a form of a page; somebody who was signed out meanwhile signs in and does not know. Raises Unknown."""
        answer = self.browser.post(form.action or path, form.values | values, came_from=path, **more)
        asked = answer.form("", having="password_or_code") if answer.status == 403 else None
        if asked is not None:  # is it still them?
            answer = self.browser.post(
                asked.action or path, asked.values | {"password_or_code": PASSWORD}, came_from=path
            )
        if answer.status in {401, 403} or (300 <= answer.status < 400 and "/accounts/" in answer.text):
            self.sign_in()
            raise Unknown("signed out")
        return answer

    def write(self, act: Act, path: str) -> bool:
        """A message: the page is opened once, and what it sent is sent again until it is taken."""
        opened: dict[str, str] = {}

        def step() -> bool:
            page = self.page(path)
            form = page.form("", having="body")
            if form is None:
                raise Unknown("no form")
            opened.setdefault("once", form.values["once"])
            answer = self.send(path, form, {"body": act.words, "once": opened["once"]})
            return 300 <= answer.status < 400

        return self.keep_trying(act, step)


class Applicant(Person):
    """Signs in, writes on a draft, adds a paper, sends it in, writes messages."""

    def __init__(self, day: Day, email: str, reference: str, chance: random.Random, *, judged: bool) -> None:
        super().__init__(day, email, chance)
        self.reference, self.judged = reference, judged

    def live(self, delay: float) -> None:
        """The whole day of one applicant."""
        time.sleep(delay)
        day, reference = self.day, self.reference
        self.autosave()
        if self.chance.random() < 0.4:
            self.add_paper()
        act = day.begin("submit", reference)
        if not self.keep_trying(act, self.submit):
            return
        if self.judged:
            day.to_judge.put(reference)
        for number in range(self.chance.choice((1, 1, 2))):
            time.sleep(self.chance.uniform(0, 2))
            words = f"message {number} of {reference} {uuid.uuid4().hex}"
            self.write(day.begin("message", reference, words), f"/apply/{reference}/messages/")

    def autosave(self) -> None:
        """Type a sentence; the page saves it by itself and says so."""
        words = f"typed at last {uuid.uuid4().hex}"
        act = self.day.begin("answer", self.reference, words)

        def step() -> bool:
            page = self.page(f"/apply/{self.reference}/")
            path = next(
                (part for part in page.text.split('"') if part.startswith(f"/apply/{self.reference}/section/")), ""
            )
            section = self.page(path or f"/apply/{self.reference}/status/")
            form = next((form for form in section.forms() if "data-autosave" in form.attributes), None)
            name = next((name for name in form.areas if name.startswith("q")), "") if form else ""
            if form is None or not name:
                raise Unknown("no field")
            version = f"{name}__version"
            sent = {
                "csrfmiddlewaretoken": form.values["csrfmiddlewaretoken"],
                "changed": name,
                name: words,
                version: form.values.get(version, "0"),
            }
            answer = self.browser.post(form.attributes["data-autosave-url"], sent, came_from=section.path, quiet=True)
            return answer.status == 200 and '"saved_at": "' in answer.text and '"conflicts": {}' in answer.text

        self.keep_trying(act, step)

    def add_paper(self) -> None:
        """A letter. Where it does not know whether the first one came, the person looks."""
        words = f"letter {uuid.uuid4().hex}"
        act = self.day.begin("file", self.reference, words)
        path = f"/apply/{self.reference}/files/"

        def step() -> bool:
            page = self.page(path)
            if act.tries > 1 and page.text.count("letter.txt") > 0:
                return True
            form = page.form("", having="file")
            if form is None:
                raise Unknown("no form")
            form.values.pop("file", None)
            answer = self.send(path, form, {}, file=words.encode() + b"\n" + b"x" * 40_000)
            return 300 <= answer.status < 400

        self.keep_trying(act, step)

    def submit(self) -> bool:
        """Done when the page says so: the receipt, or how it stands."""
        page = self.page(f"/apply/{self.reference}/check/")
        if page.path.endswith("/status/"):
            return True
        form = page.form("/submit/")
        if form is None:
            raise Unknown("no button")
        answer = self.send(page.path, form, {})
        return 300 <= answer.status < 400 and answer.text.rstrip("/").endswith(("/receipt", "/status"))


class Staff(Person):
    """Somebody of the programme, who takes work from a queue until the day is over."""

    def __init__(self, day: Day, who: str, chance: random.Random) -> None:
        super().__init__(day, f"{who}@demo.example", chance)
        self.over = threading.Event()

    def work(self, waiting: "queue.Queue[str]", do: Callable[[str], None]) -> bool:
        """One thing; False when there was none."""
        try:
            reference = waiting.get(timeout=0.3)
        except queue.Empty:
            return False
        try:
            do(reference)
        finally:
            waiting.task_done()
        return True

    def live(self) -> None:
        """Until told that it is over."""
        while not self.over.is_set():
            self.turn()

    def turn(self) -> None:
        raise NotImplementedError


class Officer(Staff):
    """Takes an application, settles its checks, writes, names a reviewer, proposes."""

    def turn(self) -> None:
        if not self.work(self.day.to_propose, self.propose):
            self.work(self.day.to_judge, self.judge)

    def judge(self, reference: str) -> None:
        """To the point where a reviewer has it."""
        day, place = self.day, f"/staff/applications/{reference}/"
        if not self.keep_trying(day.begin("pass", reference), lambda: self._pass(place)):
            return
        words = f"from the office to {reference} {uuid.uuid4().hex}"
        self.write(day.begin("message", reference, words), f"{place}messages/")
        if self.keep_trying(day.begin("assign", reference), lambda: self._assign(place)):
            day.to_review.put(reference)

    def _pass(self, place: str) -> bool:
        page = self.page(f"{place}eligibility/")
        take = page.form("/take/")
        if take is not None:
            self.send(page.path, take, {})
            page = self.page(f"{place}eligibility/")
        settled = {form.action for form in page.forms() if "/eligibility/c" in form.action or "/gate/" in form.action}
        for action in sorted(settled):
            form = next((form for form in page.forms() if form.action == action), None)
            if form is None:
                continue
            name = next(name for name in form.options if name.endswith("outcome"))
            if "pass" in form.options[name]:
                self.send(page.path, form, {name: "pass", form.areas[0]: "Seen and compared."})
        page = self.page(f"{place}eligibility/")
        button = page.form("/eligibility/pass/")
        if button is None:
            return not settled and "/eligibility/run/" not in page.text
        return 300 <= self.send(page.path, button, {}).status < 400

    def _assign(self, place: str) -> bool:
        page = self.page(f"{place}reviews/")
        form = page.form("/reviews/assign/")
        if form is None or self.day.reviewer not in form.options.get("reviewer", []):
            return self.day.reviewer not in str(form and form.options)
        return 300 <= self.send(page.path, form, {"reviewer": self.day.reviewer}).status < 400

    def propose(self, reference: str) -> None:
        """First the letter, then the proposal."""
        path = f"/staff/applications/{reference}/decision/"

        def step() -> bool:
            page = self.page(path)
            form = page.form("", having="kind")
            if form is None:
                if "/withdraw/" in page.text or "/approve/" in page.text:
                    return True
                raise Unknown("no form")
            typed = {"kind": "approve", "amount": "1500", "reason": "Urgent.", "message_to_applicant": "Welcome."}
            shown = self.send(path, form, typed | {"step": "preview"})
            form = shown.form("", having="kind")
            if form is None or not form.values.get("letter_seen"):
                raise Unknown("no letter")
            return 300 <= self.send(path, form, typed | {"step": "propose"}).status < 400

        if self.keep_trying(self.day.begin("propose", reference), step):
            self.day.to_approve.put(reference)


class Reviewer(Staff):
    """Declares to have no conflict of interest, and scores."""

    def turn(self) -> None:
        self.work(self.day.to_review, self.review)

    def review(self, reference: str) -> None:
        """One sheet."""
        path = f"/staff/applications/{reference}/review/"

        def step() -> bool:
            page = self.page(path)
            declaration = next((form for form in page.forms() if form.values.get("step") == "none"), None)
            if declaration is not None:
                self.send(path, declaration, {})
                page = self.page(path)
            form = page.form("", having="recommendation")
            if form is None:
                if page.status == 200 and 'class="tag go"' in page.text:
                    return True
                raise Unknown("no sheet")
            typed = {name: values[-2] for name, values in form.radios.items() if name.endswith("_score")}
            typed |= {name: "Well founded." for name in form.areas if name.endswith("_reason")}
            answer = self.send(path, form, typed | {"recommendation": "fund", "step": "send"})
            return 300 <= answer.status < 400

        if self.keep_trying(self.day.begin("review", reference), step):
            self.day.to_propose.put(reference)


class Director(Staff):
    """Approves."""

    def turn(self) -> None:
        self.work(self.day.to_approve, self.approve)

    def approve(self, reference: str) -> None:
        """One decision."""
        path = f"/staff/applications/{reference}/decision/"

        def step() -> bool:
            page = self.page(path)
            form = page.form("/approve/")
            if form is None:
                if page.status == 200 and "/return/" not in page.text and self._tries_of(reference) > 1:
                    return True
                raise Unknown("no button")
            return 300 <= self.send(path, form, {}).status < 400

        self.keep_trying(self.day.begin("approve", reference), step)

    def _tries_of(self, reference: str) -> int:
        return max(act.tries for act in self.day.acts if act.kind == "approve" and act.reference == reference)
