"""Uses the console in headless Chromium as a person would: buys, crashes functions, breaks the factory, redrives.

    python browser.py URL CHROMIUM FOLDER

Fails with the first expectation that does not hold. FOLDER gets a screenshot for each width. Prints the functions that
were not killed, as JSON.
"""

import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

# The longest wait for anything: a restock that fails repeats its order several times before.
PATIENCE = 120_000

# These are invoked only by operators, by readers of the API, for a factory in a private network, or for a restock whose
# execution ended without a report.
NOT_IN_A_CROWD = {
    "change-warehouse", "check-execution", "inspect-warehouse", "list-products", "place-private-order", "show-product",
}


def main(url, chromium, folder):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page, problems = opened(browser, url, {"width": 1280, "height": 900}, "light")
        buy_with_the_keyboard(page)
        crash_all(page)
        sell_out_and_restock(page)
        break_the_factory(page)
        redrive(page)
        read_mail_and_ledger(page)
        find_in_timeline(page)
        look(page, folder / "console-1280.png")
        narrow, more = opened(browser, url, {"width": 390, "height": 844}, "dark")
        fits(narrow)
        look(narrow, folder / "console-390.png")
        assert not problems + more, problems + more
        print(json.dumps(waiting(page)))
        browser.close()


def opened(browser, url, viewport, scheme):
    page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    problems, host = [], urlsplit(url).netloc
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: problems.append(request.url)
            if urlsplit(request.url).netloc != host else None)
    page.goto(url)
    expect(page.locator("#connection")).to_have_text("Live")
    return page, problems


def stock(page, sku):
    return page.locator(f'[data-sku="{sku}"] .stock')


def buy_with_the_keyboard(page):
    for _ in range(20):
        page.keyboard.press("Tab")
        if focused(page) == "Buy one CP-502101":
            break
    page.keyboard.press("Enter")
    expect(stock(page, "CP-502101")).to_have_text("49")
    expect(page.locator("#answer")).to_have_text("CP-502101: sold 1, sold out 0")
    assert focused(page) == "Buy one CP-502101", "the button keeps the focus"


def focused(page):
    return page.evaluate("document.activeElement.dataset.key")


def crash_all(page):
    first = page.locator("#crashes button").first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "false")
    for button in page.locator("#crashes button").all():
        name = button.get_attribute("data-function")
        button.click()
        expect(page.locator(f'[data-function="{name}"]')).to_have_attribute("aria-pressed", "true")


def crowd(page, sku):
    page.get_by_role("button", name=f"Crowd of 100: {sku}").click()
    expect(page.locator("#answer")).to_have_text(re.compile(f"{sku}: sold \\d+, sold out \\d+$"))


def sell_out_and_restock(page):
    for sku in ("CP-502101", "CP-502102"):
        crowd(page, sku)
    for sku in ("CP-502101", "CP-502102"):
        expect(stock(page, sku)).to_have_text(re.compile("^[1-9]"))


def fault(page, name):
    faults = page.locator('[data-factory="FF-500293"] details')
    if faults.get_attribute("open") is None:
        faults.locator("summary").click()
    return faults.get_by_role("button", name=name, exact=True)


def break_the_factory(page):
    fault(page, "refuses-connections").click()
    expect(page.locator('[data-factory="FF-500293"] > p')).to_have_text("Fault: refuses-connections")
    crowd(page, "CP-502101")
    # `leave-dead-letter` was killed after its work, so it leaves the letter a second time.
    letters = page.locator("#letters summary")
    expect(letters).to_have_text([re.compile("CP-502101: restock 2")] * 2)


def redrive(page):
    page.locator("#letters summary").first.click()
    expect(page.locator("#letters")).to_contain_text("A redrive now: orders 50 units; fails again if")
    fault(page, "refuses-connections").click()
    expect(page.locator('[data-factory="FF-500293"] > p')).to_have_text("works as it should")
    page.locator('[data-factory="FF-500293"] summary').click()
    page.get_by_label("Why").fill("the factory is back")
    page.get_by_role("button", name="Redrive all").click()
    expect(page.locator("#answer")).to_have_text("dead letters moved: 2, left: 0")
    expect(page.locator("#letters")).to_have_text("There are no dead letters.")
    expect(stock(page, "CP-502101")).to_have_text(re.compile("^[1-9]"))


def read_mail_and_ledger(page):
    page.locator("#mails summary").last.click()
    expect(page.locator("#mails pre").last).to_contain_text("CP-502101")
    page.get_by_role("button", name="Ledger: CP-502101").click()
    expect(page.locator("#ledger table")).to_contain_text("arrival")
    expect(page.locator("#ledger table")).to_contain_text("the factory is back")
    page.keyboard.press("Escape")
    expect(page.locator("#ledger")).not_to_be_visible()
    assert focused(page) == "Ledger CP-502101", "the focus is back"


def find_in_timeline(page):
    lines = page.locator("#timeline button")
    expect(lines.first).to_contain_text("failed")
    page.get_by_label("Filter").fill("recordarrival")
    expect(lines.filter(has_text="restock:")).to_have_count(0)
    page.get_by_label("Filter").fill("")
    lines.filter(has_text="restock:").first.click()
    expect(page.locator('#execution [data-state="PlaceOrder"]')).to_have_class(re.compile("failed"))
    hidden = page.evaluate("(box => box.scrollWidth - box.clientWidth)(document.querySelector('#execution .machine'))")
    assert hidden <= 0, f"{hidden} pixels of the drawing are out of view"


def fits(page):
    assert page.locator("#factories .faults button").count() > 10, "a page that is opened late knows the faults"
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"the page is {wide} pixels wide"


def look(page, screenshot):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.evaluate("scrollTo(0, 0); document.querySelector('#answer').hidden = true")
    page.screenshot(path=screenshot, full_page=True)


def waiting(page):
    pressed = page.locator('#crashes button[aria-pressed="true"]').all()
    return sorted({one.get_attribute("data-function") for one in pressed} - NOT_IN_A_CROWD)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
