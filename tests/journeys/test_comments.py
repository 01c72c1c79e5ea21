"""Comments in a browser: the same plain text everywhere, two people at one story, the keyboard, a phone."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.looking import violations

pytestmark = pytest.mark.journey

CASES = json.loads((Path(__file__).parents[1] / "stories" / "projections.json").read_text(encoding="utf-8"))
Open = Callable[..., Page]

SELECT = """([selector, words]) => {
  const root = document.querySelector(selector);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    walker.currentNode.parentElement.scrollIntoView({block: "center"});
    getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
    return true;
  }
  return false;
}"""


def _words(page: Page, paragraph: int) -> str:
    """Some words of a paragraph, in one text node."""
    found = (
        page.locator("[data-anchor-part=body] p")
        .nth(paragraph)
        .evaluate(
            "p => [...p.childNodes].filter(n => n.nodeType === 3).map(n => n.data).sort((a, b) => b.length - a.length)[0]"
        )
    )
    return " ".join(found.split()[1:5])


def _select(page: Page, words: str, part: str = "body") -> None:
    assert page.evaluate(SELECT, [f"[data-anchor-part={part}]", words])


def _marked(page: Page, thread: Locator) -> str:
    """The words that are marked for a thread."""
    ident = thread.get_attribute("data-thread")
    return "".join(page.locator(f'mark.remark[data-threads~="{ident}"]').all_text_contents())


def _thread(page: Page, text: str) -> Locator:
    return page.locator("[data-thread]").filter(has_text=text)


def test_the_page_and_the_editor_see_the_plain_text_of_the_server(open_as: Open) -> None:
    page = open_as("editor")
    seen = page.evaluate(
        """async ([cases]) => {
          const { projectElement } = await import("/static/js/anchor-text.js");
          const { mountEditor } = await import("/static/vendor/editor.js");
          return cases.map(({ html }) => {
            const holder = document.createElement("div");
            holder.innerHTML = html;
            const field = document.createElement("textarea");
            field.value = html;
            document.body.append(holder, field);
            const editor = mountEditor(field);
            const texts = [projectElement(holder).text, editor.text()];
            editor.destroy();
            field.remove();
            holder.remove();
            return texts;
          });
        }""",
        [CASES],
    )
    for case, (rendered, written) in zip(CASES, seen, strict=True):
        assert rendered == case["text"], f"{case['name']} on a page"
        assert written == case["text"], f"{case['name']} in the editor"


def test_passages_are_found_in_a_rendered_text_and_given_back(open_as: Open) -> None:
    """Every range of a text with marks, breaks, lists and an emoji: selected, described and found again."""
    page = open_as("editor")
    wrong = page.evaluate(
        """async () => {
          const { describePassage, placeOf, projectElement } = await import("/static/js/anchor-text.js");
          const holder = document.createElement("div");
          holder.innerHTML = "<p>Kantor <strong>menjual <em>tiga</em></strong> aset 🎉<br>hari ini.</p><ul><li>satu</li><li><p>dua dan</p></li></ul>";
          document.body.append(holder);
          const wrong = [];
          const text = projectElement(holder);
          for (let a = 0; a < text.length; a += 1) {
            for (let b = a + 1; b <= text.length; b += 1) {
              const passage = describePassage(text, a, b);
              if (!passage.quote) continue;
              const range = text.range(passage.start, passage.end);
              const back = [text.offsetOf(range.startContainer, range.startOffset), text.offsetOf(range.endContainer, range.endOffset, true)];
              const place = placeOf(text, passage);
              if (back[0] !== passage.start || back[1] !== passage.end || place[0] !== passage.start) wrong.push([a, b, back, place, passage.quote]);
            }
          }
          holder.remove();
          return wrong.slice(0, 5);
        }"""
    )
    assert wrong == []


def test_two_people_at_one_story(open_as: Open, draft: str) -> None:
    writer, reviewer = open_as("editor"), open_as("approver")

    # The reviewer marks some words and writes beside them, naming the writer.
    reviewer.goto(draft)
    quote, other = _words(reviewer, 1), _words(reviewer, 2)
    _select(reviewer, quote)
    reviewer.get_by_role("button", name="Komentari", exact=True).click()
    expect(reviewer.locator("[data-compose=komentar] [data-passage]")).to_have_text(quote)
    field = reviewer.locator("#komentar-isi")
    field.type("Mohon diperiksa lagi, @")
    names = reviewer.locator(".mention-list li")
    expect(names.first).to_be_visible()
    name = names.first.text_content() or ""
    field.press("Enter")
    expect(field).to_have_value(re.compile(re.escape(f"@{name}")))
    reviewer.get_by_role("button", name="Kirim komentar").click()
    thread = _thread(reviewer, "Mohon diperiksa lagi")
    expect(thread).to_be_visible()
    expect(thread.locator(".mention-chip")).to_have_text(f"@{name}")
    expect(reviewer.locator("mark.remark").filter(has_text=quote)).to_be_visible()
    assert _marked(reviewer, thread) == quote

    # The writer writes elsewhere: the mark stays on its words while typing and after saving.
    writer.goto(f"{draft}/sunting")
    remark = writer.locator(".ProseMirror mark.remark").filter(has_text=quote)
    expect(remark).to_be_visible()
    writer.locator(".ProseMirror").click()
    writer.keyboard.press("Control+Home")
    writer.keyboard.type("Kalimat pembuka yang baru saja ditambahkan. ")
    expect(remark).to_have_text(quote)
    writer.locator("form[data-story-editor] .sticky-actions button.primary").click()
    writer.wait_for_url(re.compile(rf"{draft}$"))
    expect(writer.locator("[data-anchor-part=body]")).to_contain_text("Kalimat pembuka yang baru")
    assert _marked(writer, _thread(writer, "Mohon diperiksa lagi")) == quote
    reviewer.reload()
    expect(reviewer.locator("[data-anchor-part=body]")).to_contain_text("Kalimat pembuka yang baru")
    expect(reviewer.locator("mark.remark").filter(has_text=quote)).to_be_visible()
    assert _marked(reviewer, _thread(reviewer, "Mohon diperiksa lagi")) == quote

    # The reviewer proposes other words; the writer takes them.
    _select(reviewer, other)
    reviewer.get_by_role("button", name="Usulkan perubahan").last.click()
    expect(reviewer.locator("#usul-ganti")).to_have_value(other)
    reviewer.locator("#usul-ganti").fill("kata pengganti dari penyetuju")
    reviewer.get_by_role("button", name="Kirim usul").click()
    expect(_thread(reviewer, "kata pengganti dari penyetuju").locator("ins")).to_be_visible()
    writer.reload()
    _thread(writer, "kata pengganti dari penyetuju").get_by_role("button", name="Terima").click()
    body = writer.locator("[data-anchor-part=body]")
    expect(body).to_contain_text("kata pengganti dari penyetuju")
    expect(body).not_to_contain_text(other)
    expect(_thread(writer, "kata pengganti dari penyetuju")).to_contain_text("Diterima")

    # And settles the comment; the reviewer sees it without loading the page again.
    writer.locator("[data-comments] .tabs a").first.click()
    _thread(writer, "Mohon diperiksa lagi").get_by_role("button", name="Tandai selesai").click()
    expect(_thread(writer, "Mohon diperiksa lagi")).to_have_count(0)
    reviewer.evaluate("document.activeElement.blur(); document.dispatchEvent(new Event('visibilitychange'))")
    expect(_thread(reviewer, "Mohon diperiksa lagi")).to_have_count(0)
    reviewer.locator("[data-comments] .tabs a").nth(1).click()
    expect(_thread(reviewer, "Mohon diperiksa lagi")).to_contain_text("Selesai oleh")
    _thread(reviewer, "Mohon diperiksa lagi").get_by_role("button", name="Buka kembali").click()
    reviewer.locator("[data-comments] .tabs a").first.click()
    expect(_thread(reviewer, "Mohon diperiksa lagi")).to_be_visible()


def test_the_writer_takes_a_suggestion_in_the_open_editor(open_as: Open, draft: str) -> None:
    """What was typed meanwhile stays, the change is there once, and saving is no conflict."""
    writer, reviewer = open_as("editor"), open_as("approver")
    reviewer.goto(draft)
    words = _words(reviewer, 3)
    _select(reviewer, words)
    reviewer.get_by_role("button", name="Usulkan perubahan").last.click()
    reviewer.locator("#usul-ganti").fill("ganti sebagian saja")
    reviewer.get_by_role("button", name="Kirim usul").click()
    expect(_thread(reviewer, "ganti sebagian saja")).to_be_visible()

    writer.goto(f"{draft}/sunting")
    expect(writer.locator(".ProseMirror mark.remark--suggests").filter(has_text=words)).to_be_visible()
    writer.locator(".ProseMirror").click()
    writer.keyboard.press("Control+End")
    writer.keyboard.type(" Diketik selagi usul terbuka.")
    writer.locator(".ProseMirror mark.remark--suggests").filter(has_text=words).click()
    expect(
        writer.locator("#komentar")
    ).not_to_be_in_viewport()  # a click is for writing; the thread is offered
    writer.get_by_role("button", name="Buka komentar").click()
    _thread(writer, "ganti sebagian saja").get_by_role("button", name="Terima").click()
    text = writer.locator(".ProseMirror")
    expect(text).to_contain_text("ganti sebagian saja")
    expect(text).to_contain_text("Diketik selagi usul terbuka.")
    writer.locator("[data-comments-close]").click()
    writer.locator("form[data-story-editor] .sticky-actions button.primary").click()
    writer.wait_for_url(re.compile(rf"{draft}$"))
    body = writer.locator("[data-anchor-part=body]")
    expect(body).to_contain_text("Diketik selagi usul terbuka.")
    assert (body.text_content() or "").count("ganti sebagian saja") == 1


def test_between_text_and_list_by_keyboard(open_as: Open, draft: str) -> None:
    page = open_as("editor")
    page.goto(draft)
    words = _words(page, 2)
    _select(page, words)
    page.keyboard.press("Control+Alt+m")
    expect(page.locator("#komentar-isi")).to_be_focused()
    page.keyboard.type("Ditulis dengan papan ketik")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    thread = _thread(page, "Ditulis dengan papan ketik")
    expect(thread).to_be_focused()
    thread.locator("[data-goto]").press("Enter")
    mark = page.locator("mark.remark").filter(has_text=words)
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    expect(thread).to_be_focused()


def test_on_a_phone_a_thread_comes_up_from_below(open_as: Open, draft: str) -> None:
    page = open_as("editor", width=360)
    page.goto(draft)
    words = _words(page, 2)
    _select(page, words)
    page.get_by_role("button", name="Komentari", exact=True).click()
    begin = page.locator(".comments__begin")
    expect(begin).to_be_in_viewport()
    page.locator("#komentar-isi").fill("Dari telepon")
    page.get_by_role("button", name="Kirim komentar").click()
    thread = _thread(page, "Dari telepon")
    expect(thread).to_have_count(1)
    page.locator("mark.remark").filter(has_text=words).last.click()
    expect(thread).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Escape")
    expect(thread).not_to_have_class(re.compile("thread--float"))


def test_what_was_written_stays_when_the_network_is_gone(open_as: Open, draft: str) -> None:
    page = open_as("approver")
    page.goto(draft)
    page.locator("[data-compose=komentar] summary").click()
    page.locator("#komentar-isi").fill("Ditulis di dalam lift")
    page.context.set_offline(True)
    page.get_by_role("button", name="Kirim komentar").click()
    expect(page.locator("[data-compose=komentar] [data-error]")).to_contain_text("Belum terkirim")
    expect(page.locator("#komentar-isi")).to_have_value("Ditulis di dalam lift")
    page.context.set_offline(False)
    page.get_by_role("button", name="Kirim komentar").click()
    expect(_thread(page, "Ditulis di dalam lift")).to_have_count(1)
    page.reload()
    expect(_thread(page, "Ditulis di dalam lift")).to_have_count(1)
    expect(page.locator(".keep")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False), (360, True)])
def test_everything_that_opens_is_accessible(open_as: Open, draft: str, width: int, dark: bool) -> None:
    """The panel with a marked text, the buttons beside a selection, both forms, a thread over the text, the editor."""
    page = open_as("editor", width=width, dark=dark)
    page.goto(draft)
    words = _words(page, 1)
    _select(page, words)
    expect(page.locator(".remark-bar")).to_be_visible()
    found = violations(page)
    page.get_by_role("button", name="Usulkan perubahan").last.click()
    page.locator("#usul-ganti").fill(f"usul {width} {dark}")
    found += violations(page)
    page.get_by_role("button", name="Kirim usul").click()
    thread = _thread(page, f"usul {width} {dark}")
    expect(page.locator("[data-compose=usul] [data-error]:not(:empty)")).to_have_count(0)
    expect(thread).to_have_count(1)
    page.locator("mark.remark--suggests").last.click()
    thread.get_by_text("Balas", exact=True).click()
    found += violations(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.goto(f"{draft}/sunting")
    expect(page.locator(".ProseMirror mark.remark").first).to_be_visible()
    page.locator("[data-comments-open-drawer]").click()
    expect(page.locator("#komentar")).to_be_in_viewport()
    found += violations(page)
    assert [
        f for f in found if "remark" in f or "comment" in f or "thread" in f or "komentar" in f or "utas" in f
    ] == []
