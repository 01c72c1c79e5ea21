"""The page as a screen reader tells it: the browser's accessibility tree, read through the debugging protocol."""

from collections import defaultdict
from typing import Any

from playwright.sync_api import CDPSession, Page

INTERACTIVE = {
    "button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "switch", "slider", "spinbutton",
    "menuitem", "tab", "DisclosureTriangle", "Date", "DateTime", "InputTime", "ColorWell",
}  # fmt: skip
LANDMARKS = {
    "navigation",
    "complementary",
    "region",
    "form",
    "search",
    "banner",
    "contentinfo",
    "main",
    "article",
}
REPEATED = LANDMARKS - {"article"}
# What a control does, in words that are equal for equal targets: where a link leads, what a button sends and to where.
# What is told before the name: the headers of a cell's row and column, and the named groups and sections around it.
_AROUND = """function () {
    const told = [], words = (e) => e ? e.textContent.replace(/\\s+/g, ' ').trim() : '';
    const cell = this.closest('td');
    if (cell) told.push(words(cell.parentElement.querySelector('th,[role=rowheader]')), cell.cellIndex);
    for (let e = this.parentElement; e; e = e.parentElement) {
        if (!e.matches('section,article,fieldset,form,nav,[role=group],[role=region],li[aria-label]')) continue;
        const by = e.getAttribute('aria-labelledby');
        told.push(e.getAttribute('aria-label') || (by ? words(document.getElementById(by)) : ''));
    }
    return told.join('/');
}"""
# What a control does, in words that are equal for equal targets: where a link leads, what a button sends and to where.
_TARGET = """function () {
    if (this.tagName === 'A') return 'a ' + this.href;
    const form = this.form;
    if (this.type === 'submit' && form) {
        const sent = [...form.elements].filter(e => e.type === 'hidden' && !/csrf|once|kunci|token/i.test(e.name)).map(e => e.name + '=' + e.value);
        return 'sends ' + (this.formAction || form.action) + ' ' + (this.name ? this.name + '=' + this.value : '') + ' ' + sent.join('&');
    }
    const own = this.getAttributeNames().filter(n => n.startsWith('aria-controls') || n.startsWith('data-') || n === 'commandfor' || n === 'id');
    if (this.tagName === 'SUMMARY') return 'opens ' + this.parentElement.textContent.replace(/\\s+/g, ' ').slice(0, 200);
    return 'does ' + own.map(n => n + '=' + this.getAttribute(n)).join(' ') + (form ? form.action : '');
}"""


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", "") or "").strip()


def _property(node: dict[str, Any], name: str) -> Any:
    return next((p["value"].get("value") for p in node.get("properties", []) if p["name"] == name), None)


def _told(session: CDPSession, node: dict[str, Any], question: str) -> str:
    found = session.send("DOM.resolveNode", {"backendNodeId": node["backendDOMNodeId"]})["object"]["objectId"]
    told = session.send(
        "Runtime.callFunctionOn", {"objectId": found, "functionDeclaration": question, "returnByValue": True}
    )
    return str(told["result"].get("value", ""))


def tree(session: CDPSession) -> list[dict[str, Any]]:
    """The nodes that a screen reader meets, in the order it meets them."""
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[dict[str, Any]] = []
    left = [nodes[0]["nodeId"]]
    while left:
        node = by_id.get(left.pop())
        if node is None:
            continue
        if not node.get("ignored"):
            found.append(node)
        left.extend(reversed(node.get("childIds", [])))
    return found


def names_amiss(page: Page) -> list[str]:
    """What cannot be told apart by ear: nameless controls, one name for different targets, headings out of order,
    landmarks of one kind without names."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = tree(session)
        wrong: list[str] = []
        alike: defaultdict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        landmarks: defaultdict[tuple[str, str], int] = defaultdict(int)
        levels: list[tuple[int, str]] = []
        for node in nodes:
            role, name = _value(node, "role"), _value(node, "name")
            if role in INTERACTIVE and not name:
                wrong.append(f"no name: {role} {_told(session, node, _TARGET)[:120]}")
            if role in ("link", "button"):
                alike[role, name, _value(node, "description")].append(node)
            if role == "heading":
                levels.append((int(_property(node, "level") or 0), name))
                if not name:
                    wrong.append("an empty heading")
            if role in REPEATED and (name or role not in ("form", "region")):  # without a name these are none
                landmarks[role, name] += 1
        for (role, name, _), same in alike.items():
            if len(same) < 2:
                continue
            places: defaultdict[str, set[str]] = defaultdict(set)
            for node in same:
                places[_told(session, node, _AROUND)].add(_told(session, node, _TARGET))
            wrong += [
                f"{len(targets)} targets, one name: {role} “{name}” {sorted(targets)[:2]}"
                for targets in places.values()
                if len(_folded(targets)) > 1
            ]
        wrong += _headings(levels)
        for (role, name), count in landmarks.items():
            many = sum(n for (r, _), n in landmarks.items() if r == role) > 1
            if many and (not name or count > 1):
                wrong.append(f"{count} × {role} “{name}”")
        return wrong
    finally:
        session.detach()


def _folded(targets: set[str]) -> set[str]:
    """A page and the same page with a filter are one target: the navigation and a way back name it alike."""
    return {t.partition("?")[0] if t.partition("?")[0] in targets else t for t in targets}


def _headings(levels: list[tuple[int, str]]) -> list[str]:
    """One h1; each heading at most one level below the one before it."""
    firsts = [name for level, name in levels if level == 1]
    wrong = [] if len(firsts) == 1 else [f"{len(firsts)} h1: {firsts}"]
    before = 0
    for level, name in levels:
        if before and level > before + 1:
            wrong.append(f"h{level} after h{before}: “{name}”")
        before = level
    return wrong
