//! Usage to look at: the chart by eye, by keyboard and without script, an hour's story, and the overview with something in it.
//! Needs the islands built in, as `islands` does.

use serde_json::json;
use walk::{soon, world::answer as answer_of};

use crate::{
    browser::{Browser, WIDE},
    stage::Stage,
};

const ANN: &str = "ann@harbour.example";
/// An hour, and what sealing waits for late usage.
const AN_HOUR: u64 = 3600 + 600;

/// Payments of now, sent by the operator for the one licence there is.
fn sells(stage: &Stage, id: &str, quantity: u32) {
    let agreements = stage.sim("agreements");
    let event = json!({
        "specversion": "1.0", "id": id, "source": "urn:shop", "type": "payphone.payment.approved",
        "subject": agreements["items"][0]["licenseArn"], "time": stage.sim("clock")["now"],
        "data": {"quantity": quantity},
    });
    // The product follows the clock a moment behind: until then the event is of the future to it.
    soon("the event is accepted", || {
        let answer = stage
            .http
            .post(stage.url("/api/v1/usage-events"))
            .bearer_auth(&stage.ready.operator_token)
            .header("content-type", "application/cloudevents+json")
            .body(event.to_string())
            .send()
            .expect("an answer");
        (answer_of(answer)["items"][0]["status"] == "accepted").then_some(())
    });
}

#[test]
fn usage_is_seen_as_a_chart_by_keyboard_and_as_a_table() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    stage.owner(&ann, ANN, "Ann Harbour");
    sells(&stage, "one", 1204);
    stage.advance(AN_HOUR);
    sells(&stage, "two", 30);
    ann.go(&format!("{}/usage", stage.console));
    ann.click("Live");
    let usage = format!("{}/usage?range=48h", stage.console);
    ann.until(&usage, "every finished hour is settled");
    ann.look("usage-with-hours");
    // The listing's price beside what was used.
    ann.sees("$120.40");

    // However low the window is, all of a dialog can be reached.
    ann.set_low();
    ann.click("What the states mean");
    ann.sees("AWS has it, and bills it.");
    let within = "const dialog = document.querySelector('#states'); const box = dialog.getBoundingClientRect();
        dialog.querySelector('[popovertargetaction=hide]').scrollIntoView({ block: 'nearest' });
        const close = dialog.querySelector('[popovertargetaction=hide]').getBoundingClientRect();
        return [box.top >= 0, box.bottom <= innerHeight, close.bottom <= innerHeight]";
    let all = json!([true, true, true]);
    assert_eq!(ann.session.script(within, None), all);
    ann.click("Close");
    ann.set_width(WIDE);
    // The chart stays as it was when the page was loaded.
    ann.go(&usage);
    ann.at("Usage");

    // A window that is in front of nothing has no focus to give.
    ann.session.devtools(
        "Emulation.setFocusEmulationEnabled",
        &json!({ "enabled": true }),
    );
    // The last bar has the keyboard first; the one before it is an arrow away.
    let chosen =
        "document.querySelector('#units svg').focus(); return document.activeElement.tagName";
    assert_eq!(ann.session.script(chosen, None), "svg");
    ann.sees("0 accepted, 0 on its way, 30 open, 0 not taken, 30 together");
    ann.press("\u{e012}");
    // Seventy minutes on from the last ten of an hour, an hour without usage lies between the two.
    ann.sees(" 0 open, 0 not taken");
    let idle = ann.text().contains(" 0 together");
    if idle {
        ann.press("\u{e012}");
    }
    ann.sees("1,204 accepted, 0 on its way, 0 open, 0 not taken, 1,204 together");
    let marked = "return [...document.querySelectorAll('#units [data-point]')].findIndex(one => one.hasAttribute('data-chosen'))";
    assert_eq!(ann.session.script(marked, None), 46 - usize::from(idle));
    ann.look("usage-chart-chosen");
    ann.click_at("//summary[.='Show as a table']");
    ann.sees("The most: 1,204");
    ann.look("usage-chart-table");

    ann.click("30 days");
    ann.sees("Units by the day");
    ann.click_at("//section[@aria-labelledby='hours-heading']//tr[contains(., '1,204')]//a");
    ann.sees("AWS has it, and bills it at the price of your offer.");
    ann.sees("1,204 units in 1 event.");
    ann.look("hour");
    ann.click("Overview");
    ann.at("Overview");
    ann.sees("1,234");
    ann.look("overview-used");

    // On paper the table is open, and nothing is left to press.
    ann.go(&usage);
    ann.at("Usage");
    let paper = json!({ "media": "print" });
    // The driver takes what a closed element holds for unseen, whatever the style says.
    let open = "return document.querySelector('.chart-table table').checkVisibility()";
    assert_eq!(ann.session.script(open, None), false);
    ann.session.devtools("Emulation.setEmulatedMedia", &paper);
    assert_eq!(ann.session.script(open, None), true);
    let left = "return [...document.querySelectorAll('a.btn, button, select, summary')].filter(one => one.checkVisibility()).length";
    assert_eq!(ann.session.script(left, None), 0);
    ann.has_no_errors();
    assert_eq!(stage.csp_reports(), 0);
}

#[test]
fn without_script_the_chart_and_its_table_are_whole() {
    let stage = Stage::set();
    let ann = Browser::with(&stage.driver, false);
    stage.owner(&ann, ANN, "Ann Harbour");
    sells(&stage, "one", 7);
    ann.go(&format!("{}/usage", stage.console));
    ann.click("Live");
    let usage = format!("{}/usage?range=48h", stage.console);
    ann.until(&usage, "Units by the hour");
    ann.click_at("//summary[.='Show as a table']");
    ann.sees("together");
    ann.sees("48 hours");
    assert!(
        ann.try_read("//figure//tbody/tr[48]")
            .is_some_and(|row| row.contains('7'))
    );
    ann.look("usage-without-script");
    assert_eq!(stage.csp_reports(), 0);
}
