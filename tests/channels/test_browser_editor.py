"""The lesson editor in Chromium: problems appear while one writes, and every page can be used however someone sees."""

import pytest
from playwright.sync_api import expect
from small import REAL
from test_browser import chromium
from test_browser_office import Visitor, home, look_at, visitor

from bot.office.editor.history_texts import HISTORY_TEXTS
from bot.office.editor.texts import EDITOR_TEXTS

__all__ = ["chromium", "home", "visitor"]  # the fixtures

VI, TOLD = EDITOR_TEXTS["vi"], HISTORY_TEXTS["vi"]
NAME = "at-02-gia-cong-an"
ADDRESS = f"/office/editor/{NAME}"

# How much higher the field is than its text, and than its numbers.
HEIGHTS = """() => {
  const last = lines.lastChild.getBoundingClientRect().bottom - lines.getBoundingClientRect().top;
  const had = text.style.height;
  text.style.minHeight = text.style.height = "0";
  const needed = text.scrollHeight;
  text.style.height = had;
  return [text.clientHeight - needed, text.clientHeight - last - parseFloat(getComputedStyle(text).paddingBottom)];
}"""


def test_problems_appear_while_one_writes(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in("Lan", "editor")
    page.goto(visitor.home.address + ADDRESS)
    text = page.get_by_label(VI.text)
    before = text.input_value()
    lines = before.split("\n")
    text.fill(before.replace("minutes: ", "minuts: "))
    wrong = page.locator("#problems [data-error]")
    expect(wrong).to_contain_text("unknown-key")
    place = next(number for number, line in enumerate(lines) if line.startswith("minutes: "))
    expect(page.locator(f"#L{place + 1}")).to_have_class("bad")
    expect(page.get_by_role("status")).to_contain_text(VI.sum.format(errors=1, warnings=0))  # and is heard
    wrong.get_by_role("link").click()
    chosen = page.evaluate("() => text.value.slice(text.selectionStart, text.selectionEnd)")
    assert chosen.startswith("minuts: ")
    page.keyboard.press("Tab")  # it leaves the text, as everywhere
    expect(page.get_by_role("button", name=VI.save, exact=True)).to_be_focused()
    text.fill(before.replace(f"- id: {REAL.lessons['at-02']['vi'].steps[1].id}\n", "- id: khac\n"))
    expect(page.locator("#problems")).to_contain_text(f"{NAME}.en.yaml")
    expect(page.locator("#lines .bad")).to_have_count(0)  # those are another file's lines
    text.fill(before + "\n" * 60)
    expect(page.locator("#problems")).not_to_contain_text("en.yaml")
    for width in (1280, 320):  # numbers stay beside their lines, however these are wrapped
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(100)
        assert page.evaluate(HEIGHTS) == [pytest.approx(0, abs=2)] * 2
    text.fill(before + "# thêm\n")
    page.keyboard.press("Control+s")
    expect(page.get_by_text(VI.saved)).to_be_visible()
    assert text.input_value() == before + "# thêm\n"
    assert visitor.complaints == []


def test_whoever_was_signed_out_meanwhile_loses_nothing(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in("Lan", "editor")
    page.goto(visitor.home.address + ADDRESS)
    visitor.browser.clear_cookies()
    text = page.get_by_label(VI.text)
    written = text.input_value() + "# viết lâu\n"
    text.fill(written)
    save = page.get_by_role("button", name=VI.save, exact=True)
    save.click()
    expect(page.get_by_role("alert")).to_have_text(VI.signed_out)
    assert text.input_value() == written
    elsewhere = visitor.browser.new_page()
    elsewhere.goto(visitor.home.link("Lan", "editor"))
    elsewhere.get_by_role("main").get_by_role("button").click()
    elsewhere.wait_for_url("**/office/account*")
    save.click()
    expect(page.get_by_text(VI.saved)).to_be_visible()
    assert text.input_value() == written


def test_each_page_of_the_editor_is_accessible_large_and_narrow_light_and_dark(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in("Lan", "editor")
    other = visitor.browser.new_page()
    for window in (page, other):
        window.goto(visitor.home.address + ADDRESS)
    for window, title in ((page, "title: Một"), (other, "titel: Hai")):
        text = window.get_by_label(VI.text)
        text.fill(text.input_value().replace(f"title: {REAL.lessons['at-02']['vi'].title}", title))
        window.get_by_role("button", name=VI.save, exact=True).click()
        window.wait_for_url("**saved**")
    other.close()
    addresses = [
        "/office/editor",
        "/office/new-lesson",
        f"{ADDRESS}?draft=2",  # with an error, and another draft beside it
        f"{ADDRESS}/merge?draft=1&with=2",
        f"{ADDRESS}/publish?draft=1",
        f"{ADDRESS}/history",
    ]
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        look_at(visitor, address)
