"""What people without code do on the console, in a browser: they start at its address and click."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from tests.browser.tabs import Tab
from tests.live import serving

PAGES = [
    "Start", "Timeline", "Clock", "People", "Inboxes", "Payments and orders", "Catalogue", "Learning",
    "Faults", "Ledger", "Webhooks", "Sandboxes", "Stories", "Signature box",
]  # fmt: skip


def test_the_start_page_leads_to_everything(tab):
    tab.open()
    tab.shows("A signed request to paste")
    tab.page.get_by_role("button", name="Copy: A signed request to paste").click()
    expect(tab.page.locator("#said")).to_have_text("Copied")
    tab.is_kept_as("start")
    tab.follow("/tokopedia/swagger")
    tab.shows("Requests are signed with")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_speaks_both_languages(tab, name):
    tab.open()
    tab.go(name)
    tab.is_accessible()
    tab.page.get_by_role("link", name="Bahasa Indonesia").click()
    assert tab.page.locator("html").get_attribute("lang") == "id"
    tab.is_accessible()
    tab.is_kept_as(f"{name.lower().replace(' ', '-')}-id")
    tab.page.get_by_role("navigation").get_by_role("link").first.click()
    assert tab.page.locator("html").get_attribute("lang") == "id"


def test_everything_is_reached_by_keyboard(tab):
    tab.open()
    tab.page.keyboard.press("Tab")
    expect(tab.page.get_by_text("Skip to the content")).to_be_focused()
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_the_clock_is_moved_and_says_what_happened(tab):
    tab.open()
    tab.go("Clock")
    tab.press("+1d")
    tab.shows("2021-11-02 09:00:00 WIB")
    expect(tab.page.locator("#notice")).to_be_focused()
    tab.type("Date and time (WIB)", "2021-12-16 00:00:00")
    tab.press("Jump")
    tab.shows("What happened on the way")
    tab.is_kept_as("clock-moved")
    tab.type("Date and time (WIB)", "2021-11-01 00:00:00")
    tab.press("Jump")
    tab.shows("Refused; nothing was changed.")
    tab.is_kept_as("clock-refused")
    assert tab.page.get_by_label("Date and time (WIB)").input_value() == "2021-11-01 00:00:00"


def test_a_person_is_enrolled_found_judged_and_logged_in(tab):
    tab.open()
    tab.go("People")
    tab.type("How many", "2")
    tab.press("Enrol people")
    tab.shows("Done.")
    tab.page.locator("table").first.get_by_role("link").first.click()
    tab.shows("Rp1.000.000")
    tab.press("Judge")
    tab.shows("Yes, every rule holds.")
    tab.is_kept_as("person")
    tab.is_accessible()
    tab.choose("Bring to", "paid")
    tab.press("Bring")
    tab.shows("Done.")
    tab.is_kept_as("person-brought")
    with tab.page.expect_popup() as opened:
        tab.press("Open the dashboard as this person")
    expect(opened.value.locator("body")).to_contain_text("Saldo")


def ask_for_seats(live):
    """What a partner's own program sends: the request that the start page has to paste."""
    demo = live.send("GET", "/__admin/demo")[1]["curl"]
    subprocess.run(["bash", "-c", demo], capture_output=True, check=True, timeout=30)


def test_the_timeline_is_live_and_an_exchange_is_sent_again_and_copied(tab, served):
    tab.open()
    tab.go("Timeline")
    tab.shows("none yet")
    ask_for_seats(served)
    tab.page.get_by_role("link", name="quota-schedule").first.click()
    tab.shows("What it did")
    tab.is_accessible()
    tab.is_kept_as("exchange")
    for language in ("Python", "Node", "PHP", "curl"):
        tab.follow(language)
        tab.press(f"Copy: {language}")
        expect(tab.page.locator("#said")).to_have_text("Copied")
    tab.press("Send again, signed anew")
    tab.shows("This came back: 200")
    tab.follow("See that exchange")
    tab.is_kept_as("exchange-again")
    tab.go("Timeline")
    tab.press("Sequence diagram")
    tab.shows("POST /api/v1/integration/payment/quota-schedule")
    tab.is_accessible()
    tab.is_kept_as("timeline-diagram")


def test_an_inbox_shows_a_code_to_copy_and_an_email_as_it_looks(tab, served):
    tab.open()
    tab.go("People")
    tab.page.locator("table").first.get_by_role("link").first.click()
    tab.follow("This person's messages")
    tab.page.locator("#messages a[href*='mail=']").first.click()
    letter = tab.page.frame_locator("iframe")
    expect(letter.locator(".letter")).not_to_be_empty()
    tab.is_accessible()
    tab.is_kept_as("inbox-mail")


def test_a_signature_is_judged(tab, served):
    tab.open()
    tab.go("Signature box")
    code = served.send("GET", "/__admin/clients")[1]["clients"][0]["client_code"]
    tab.type("Headers, a line each", f"client_code: {code}\ntimestamp: 1635732000\nsignature: {'0' * 40}")
    tab.type("Body, exactly as it was sent", "{}")
    tab.press("See what differs")
    tab.shows("What is signed here")
    tab.is_accessible()
    tab.is_kept_as("signature")


def test_a_course_is_put_on_sale_and_its_class_cancelled(tab):
    tab.open()
    tab.go("Catalogue")
    for label, text in (
        ("Code", "roti"),
        ("Title", "Roti Rumahan"),
        ("Category", "Makanan & Minuman"),
        ("Institution", "lp-kopi"),
        ("Price", "150.000"),
    ):
        tab.page.locator("main").get_by_label(label, exact=True).last.fill(text)
    tab.press("Put on sale")
    tab.shows("Rp150.000")
    tab.is_kept_as("catalogue-added")
    tab.page.on("dialog", lambda asked: asked.accept())
    tab.press("Withdraw the content roti")
    tab.shows("Done.")
    tab.press("Cancel the class roti")
    tab.shows("Done.")


def test_a_code_is_verified_graded_and_certified_with_the_exchange_beside_it(tab):
    tab.open()
    tab.go("Learning")
    tab.page.locator("table").first.get_by_role("link").first.click()
    tab.choose("What the scan gives", "no_match")
    tab.press("Do it: Verification with the face")
    tab.shows("What passed on the wire")
    tab.is_accessible()
    tab.is_kept_as("learning-verified")
    tab.page.get_by_role("link", name="POST /api/v1/integration/oauth/url-generate").click()
    tab.shows("What it did")
    tab.page.go_back()
    tab.press("Do it: Ask for its status")
    tab.shows("attendance")


def test_a_fault_is_armed_from_a_list_and_disarmed(tab, served):
    tab.open()
    tab.go("Faults")
    tab.choose("Fault", "reply_lost")
    tab.page.wait_for_url("**fault=reply_lost*")
    where = tab.page.get_by_label("Where; empty is anywhere")
    expect(
        tab.page.locator("option[value='/prakerja/api/v1/integration/payment/quota-schedule']")
    ).to_have_count(1)
    where.fill("/prakerja/api/v1/integration/payment/quota-schedule")
    tab.press("Arm reply_lost")
    tab.shows("Done.")
    tab.is_accessible()
    tab.is_kept_as("faults-armed")
    tab.press("Disarm reply_lost")
    tab.shows("Done.")


def test_the_ledger_opens_its_groups(tab):
    tab.open()
    tab.go("Ledger")
    tab.shows("All parties agree.")
    tab.page.locator("summary", has_text="seats").first.click()
    tab.is_accessible()
    tab.is_kept_as("ledger-open")


def test_webhooks_are_registered_held_and_released(tab):
    tab.open()
    tab.go("Webhooks")
    tab.choose("Marketplace", "tokopedia")
    tab.press("Register")
    tab.press("Hold tokopedia/default")
    tab.shows("held")
    tab.is_accessible()
    tab.is_kept_as("webhooks-held")
    tab.press("Release tokopedia/default")
    tab.shows("Done.")


def test_a_sandbox_is_leased_entered_reset_and_dropped(tab):
    tab.page.on("dialog", lambda asked: asked.accept())
    tab.open()
    tab.go("Sandboxes")
    tab.page.get_by_label("Name: a-z, 0-9, - and _").first.fill("mine")
    tab.press("Lease a sandbox")
    tab.follow("mine")
    tab.shows("Sandbox mine")
    tab.go("Sandboxes")
    tab.press("Begin this sandbox again")
    tab.shows("Done.")
    tab.is_kept_as("sandboxes-inside")
    tab.press("Drop mine")
    tab.shows("Sandbox default")


def test_a_purchase_is_found_and_taken_back(tab):
    tab.page.on("dialog", lambda asked: asked.accept())
    tab.open()
    tab.go("People")
    tab.page.locator("table").first.get_by_role("link").first.click()
    card = tab.page.locator("code").first.inner_text()
    tab.choose("Bring to", "paid")
    tab.press("Bring")
    tab.shows("Done.")
    tab.go("Payments and orders")
    tab.type("Person", card)
    tab.press("Show")
    tab.shows("issued")
    tab.is_accessible()
    tab.page.get_by_role("button", name=re.compile("^Take back")).click()
    tab.shows("Done.")
    tab.shows("refunded")
    tab.is_kept_as("payments-taken-back")


def test_a_sandbox_is_kept_restored_and_forked(tab):
    tab.page.on("dialog", lambda asked: asked.accept())
    tab.open()
    tab.go("Sandboxes")

    def names(section, text):
        tab.page.locator("section", has=tab.page.get_by_role("heading", name=section)).get_by_label(
            "Name: a-z, 0-9, - and _"
        ).fill(text)

    names("Keep a snapshot of this sandbox", "before")
    tab.press("Keep")
    tab.shows("Done.")
    tab.go("Clock")
    tab.press("Step to what is due next")
    tab.shows("Done.")
    moved = tab.page.locator("header").inner_text().split()  # how lines break depends on the style
    tab.go("Sandboxes")
    names("Fork this sandbox", "beside")
    tab.page.locator("main").get_by_role("button", name="Fork this sandbox").click()
    tab.shows("Done.")
    tab.press("Restore before")
    tab.shows("Done.")
    tab.shows("2021-11-01 09:00:00")
    tab.is_accessible()
    tab.is_kept_as("sandboxes-restored")
    tab.follow("beside")
    assert tab.page.locator("header").inner_text().replace("beside", "default").split() == moved


def test_beyond_loopback_a_browser_logs_in_with_the_token(browser, monkeypatch):
    monkeypatch.setenv("PRAKERJA_SIM_TOKEN", token := "t" * 32)
    context = browser.new_context(locale="en-GB")
    with serving("--store", "memory", "--expose") as exposed:
        tab = Tab(context.new_page(), exposed.url)
        tab.open()
        tab.type("Admin token", "wrong")
        tab.press("Log in")
        tab.shows("That is not the token.")
        tab.type("Admin token", token)
        tab.press("Log in")
        tab.go("People")
        tab.shows("Enrol people")
        tab.is_kept_as("logged-in")
        context.close()
        assert tab.strangers == []


def bring_somebody(tab, state):
    """On the people's page: the first of the demo's people, who learns at the demo's default marketplace."""
    tab.go("People")
    tab.page.locator("table").first.get_by_role("link").first.click()
    tab.choose("Bring to", state)
    tab.press("Bring")
    tab.shows("Done.")


def test_a_held_webhook_is_dropped_and_repeated(tab):
    tab.open()
    tab.go("Webhooks")
    tab.choose("Marketplace", "tokopedia")
    tab.press("Register")
    tab.press("Hold tokopedia/default")
    tab.shows("held")
    bring_somebody(tab, "paid")
    tab.go("Webhooks")
    tab.page.locator("#outbox").get_by_role("button", name=re.compile("^Drop")).first.click()
    tab.shows("dropped")
    tab.page.locator("#outbox").get_by_role("button", name=re.compile("^Repeat")).first.click()
    tab.shows("Done.")
    tab.press("Release, newest first tokopedia/default")
    tab.shows("delivered")
    tab.is_kept_as("webhooks-delivered")


def test_every_step_of_learning_is_done_from_the_page_of_a_code(tab):
    tab.open()
    bring_somebody(tab, "redeemed")
    tab.go("Learning")
    tab.choose("State", "redeemed")
    tab.press("Show")
    tab.page.locator("table").first.get_by_role("link").first.click()
    for step in ("Submission", "Grade the submission", "Certificate"):
        tab.press(f"Do it: {step}")
        tab.shows("What passed on the wire")
        tab.is_kept_as(f"learning-{step.lower()}")


def test_the_pages_fit_a_small_dark_screen(browser, served):
    context = browser.new_context(locale="id-ID", viewport={"width": 390, "height": 800}, color_scheme="dark")
    small = Tab(context.new_page(), served.url)
    small.open()
    for name in small.page.get_by_role("navigation").get_by_role("link").all_inner_texts():
        small.go(name)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert small.page.evaluate(wide) <= 0, name
        small.is_accessible()
        small.is_kept_as(f"small-{name.lower()}")
    context.close()
    assert small.problems == small.strangers == []


def test_what_was_clicked_is_recorded_as_a_story(tab):
    tab.open()
    tab.go("Clock")
    tab.press("+1d")
    tab.shows("Done.")
    tab.go("Stories")
    tab.type("Title", "One day")
    tab.press("Record")
    tab.shows('scenario: "One day"')
    tab.shows("- advance: {by: 1d}")
    tab.press("Copy: The story")
    expect(tab.page.locator("#said")).to_have_text("Copied")
    tab.is_accessible()
    tab.is_kept_as("story-recorded")


def test_a_story_is_played_step_by_step(tab):
    tab.open()
    tab.go("Stories")
    tab.type("A word in it", "wrong")
    tab.press("Show")
    tab.page.get_by_role("button", name=re.compile("^Play ")).first.click()
    tab.shows("It went as it is told.")
    tab.is_accessible()
    tab.is_kept_as("story-played")
    tab.page.get_by_role("link", name="What passed from here on: 2").click()
    tab.shows("client →")
    tab.go("Start")
    tab.shows("Addresses")
