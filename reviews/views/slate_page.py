"""What the page of one slate shows: lines, money, balance, and what the suggestion said of itself."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import RoleName
from accounts.models import User
from core.money import format_amount
from grants.call_frame import tabs_of
from grants.services.funds import available_in
from reviews.choices import BalanceBy, DecisionStatus, LineLock, SlateStatus
from reviews.forms.slates import TypedLines
from reviews.models import Slate, SlateLine, terms_of
from reviews.services.slate_decisions import can_take_back, may_return, waiting_of
from reviews.services.slates import DECIDABLE, SlateClosed
from reviews.slate_words import rule_words, share_words
from reviews.slating import Item, SoFar, balances_of, group_label, items_of, money_of, so_far
from reviews.ways import ways_to_approval

TONES = {"draft": "", "proposed": "wait", "approved": "go", "discarded": ""}
LOCK_TONES = {LineLock.FREE: "", LineLock.IN: "go", LineLock.OUT: "stop"}


def visible_slate(user: User, slate_id: Any) -> Slate:
    """A slate that the person may look at; Http404 for what is not theirs.

    Raises:
        SlateClosed: it holds an application with which the person has a conflict of interest.
    """
    found = (
        Slate.objects.visible_to(user)
        .select_related(
            "call__programme", "call__form_version__form", "fund", "made_by", "proposed_by", "settled_by", "returned_by"
        )
        .filter(pk=slate_id)
        .first()
    )
    if found is None:
        raise Http404
    if found.is_closed:  # type: ignore[attr-defined] # annotated by visible_to
        raise SlateClosed
    return found


def one_decimal(value: Fraction | None) -> str:
    """A score or a share as people read it: 84.9."""
    if value is None:
        return ""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def may_edit(user: User, slate: Slate) -> bool:
    """A draft, of which the person may read every line and whose judging they lead."""
    hidden = slate.has_hidden  # type: ignore[attr-defined] # annotated by visible_to
    return slate.status == SlateStatus.DRAFT and not hidden and user.has_perm("reviews.manage_judging", slate.call)


def row_of(item: Item, typed: TypedLines | None = None) -> dict[str, Any]:
    """One line, ready to be shown; of one that may not be read its reference, alias and what is settled."""
    line, application = item.line, item.application
    row: dict[str, Any] = {"id": line.pk, "readable": item.readable, "reference": application.reference}
    if not item.readable:
        return row | {"alias": application.organization.alias}
    texts = typed.typed.get(line.pk, {}) if typed else {}
    communities = item.groups[BalanceBy.COMMUNITY]
    return row | {
        "title": application.title,
        "url": reverse("reviews:decision", args=[application.reference]),
        "restricted": application.is_restricted,
        "organization": str(application.organization),
        "community": group_label(BalanceBy.COMMUNITY, communities[0]) if communities else "",
        "judged": item.score is not None and item.score.reviews > 0,
        "own_first": item.score is None,
        "used": one_decimal(item.used),
        "raw": one_decimal(item.score.raw if item.score else None),
        "adjusted": one_decimal(item.score.adjusted if item.score else None),
        "margin": one_decimal(item.score.margin if item.score else None),
        "disputed": bool(item.score and item.score.disputed),
        "asked": application.amount_asked,
        "amount": line.amount,
        "ticked": texts.get("ticked") == "on" if texts else line.amount > 0,
        "amount_text": texts.get("amount", format_amount(line.amount) if line.amount else ""),
        "minimum_text": texts.get("minimum", format_amount(line.minimum)),
        "minimum": line.minimum,
        "lock": texts.get("lock", line.lock),
        "lock_label": LineLock(line.lock).label,
        "lock_tone": LOCK_TONES[LineLock(line.lock)],
        "note": texts.get("note", line.note),
        "error": typed.errors.get(line.pk, "") if typed else "",
        "moved_on": application.status not in DECIDABLE,
        "decision": line.decision,
        "approved": line.decision is not None and line.decision.status == DecisionStatus.APPROVED,
    }


def with_typed(items: Sequence[Item], typed: TypedLines) -> list[Item]:
    """The lines as if what was typed were saved."""
    found = []
    for item in items:
        values = typed.values.get(item.line.pk)
        if values is None or not item.readable:
            found.append(item)
            continue
        line = SlateLine(
            pk=item.line.pk, slate_id=item.line.slate_id, application=item.application, decision=item.line.decision,
            lock=values.lock, minimum=values.minimum, amount=max(values.amount, Decimal(0)), note=values.note,
        )  # fmt: skip
        found.append(replace(item, line=line))
    return found


def standing_context(slate: Slate, items: Sequence[Item]) -> dict[str, Any]:
    """Money and balance: the part of the page that follows what is typed."""
    bounds = list(slate.bounds.all())
    balances = balances_of(slate, items, bounds)
    money = money_of(slate, items, available_in(slate.fund))
    for balance in balances:
        balance.parts[:] = [part for part in balance.parts if part.money or part.bound or part.bound_of_count or
                            balance.by == BalanceBy.COMMUNITY]  # fmt: skip
    return {
        "slate": slate,
        "money": money,
        "balances": [
            {"by": b.by, "label": b.label, "parts": [_part(p) for p in b.parts], "bars": _bars(b.parts)}
            for b in balances
        ],
        "bounds": [share_words(bound) for bound in bounds],
        "hidden": any(not item.readable for item in items),
    }


def _part(part: Any) -> dict[str, Any]:
    return {
        "label": part.label,
        "letter": part.letter,
        "money": part.money,
        "share": one_decimal(part.share),
        "bound": _range(part.bound),
        "bound_of_count": _range(part.bound_of_count),
        "share_of_count": one_decimal(part.share_of_count),
        "aim": _range(part.aim),
        "target": _range(part.target),
        "breaks": not part.keeps_bounds,
        "off_aim": not part.keeps_aims,
    }


def _range(pair: tuple[int | None, int | None] | None) -> str:
    if pair is None:
        return ""
    low, high = pair
    if high is None:
        return f"≥ {low}%"
    return f"≤ {high}%" if low is None else f"{low}–{high}%"


def _bars(parts: Sequence[Any]) -> list[dict[str, Any]]:
    """Rectangles of the bar, side by side: where each begins and how wide it is, in hundredths."""
    bars, start = [], Fraction(0)
    for part in parts:
        if part.share:
            bars.append({"letter": part.letter, "x": one_decimal(start), "width": one_decimal(part.share)})
        start += part.share
    return bars


def suggestion_of(slate: Slate, items: Sequence[Item]) -> dict[str, Any] | None:
    """What the solver said of the figures on the page; None when they were changed since."""
    said = slate.suggestion
    if not said or said.get("version") != slate.version:
        return None
    bounds = list(slate.bounds.all())
    names = {str(item.line.application_id): item.application.reference for item in items if item.readable}
    if said["proven"]:
        quality = _("Proven: no slate that keeps the rules is worth more.")
    elif said["to_the_cent"]:
        quality = _("Proven to the cent: no slate that keeps the rules is better by as much as one cent.")
    else:
        quality = _("The best that was found in two seconds. It is not proven that there is none better.")
    holds = []
    for hold in said["holds"]:
        comes, goes = ([names[key] for key in hold[side] if key in names] for side in ("in", "out"))
        # The gain as money at the full score, which is what a person can weigh.
        gain = format_amount(Decimal(hold["gain"]) / (100 * 100 * 100))
        holds.append({"rule": rule_words(hold["rule"], slate, bounds), "gain": gain, "in": comes, "out": goes})
    return {"quality": quality, "holds": holds}


def page_context(
    request: HttpRequest, user: User, slate: Slate, items: Sequence[Item], typed: TypedLines | None = None
) -> dict[str, Any]:
    """All of the page."""
    editable = may_edit(user, slate)
    shown = with_typed(items, typed) if typed else items
    asking = sum(1 for item in items if item.readable)
    context = standing_context(slate, shown)
    return (
        context
        | {
            "call": slate.call,
            "tabs": tabs_of(user, slate.call, "reviews:slates"),
            "rows": [row_of(item, typed) for item in items],
            "may_edit": editable,
            "may_propose": editable and user.has_role(RoleName.OFFICER, programme_id=slate.call.programme_id),
            "may_lead": user.has_perm("reviews.manage_judging", slate.call),
            "locks": LineLock.choices,
            "uses_adjusted": terms_of(slate.call).use_adjusted,
            "suggestion": suggestion_of(slate, items),
            "tone": TONES[slate.status],
            "asking": ngettext("%(count)d application asks for", "%(count)d applications ask for", asking)
            % {"count": asking},
            "own": slate.proposed_by_id == user.pk,
        }
        | _return_context(user, slate, items)
    )


def _return_context(user: User, slate: Slate, items: Sequence[Item]) -> dict[str, Any]:
    """Who may send a proposed slate back; of a draft, whether it was sent back last and not taken back since."""
    proposed = slate.status == SlateStatus.PROPOSED
    whole = all(item.readable for item in items)
    own = proposed and slate.proposed_by_id == user.pk
    may = proposed and whole and may_return(slate, user)
    stands = so_far(items if proposed and whole else ())
    return {
        "may_return": may and not stands.approved,
        "may_take_back": own and not stands.approved,
        "cannot_take_back": may and not can_take_back(slate, slate.proposed_by),
        "ways": ways_to_approval(waiting_of(slate, user), user) if own and whole else [],
        **stuck_context(user, slate, stands),
        "was_returned": slate.status == SlateStatus.DRAFT
        and slate.returned_at is not None
        and slate.proposed_at is not None
        and slate.proposed_at <= slate.returned_at,
    }


def stuck_context(user: User, slate: Slate, stands: SoFar) -> dict[str, Any]:
    """Of a slate that cannot go back as a whole any more: what is approved, what waits, and who settles that."""
    return {
        "approved_already": [item.application.reference for item in stands.approved],
        "still_open": [row_of(item) for item in stands.waiting],
        "came_back": [item.application.reference for item in stands.back],
        "settles_singly": user.has_role(RoleName.DIRECTOR, programme_id=slate.call.programme_id),
    }


def read_page(user: User, slate_id: Any) -> tuple[Slate, list[Item]]:
    """A slate and its lines, as the person may see them."""
    slate = visible_slate(user, slate_id)
    return slate, items_of(slate, user)
