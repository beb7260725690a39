//! The usage page's link to the CSV: all hours of the page's filters, in its order, however many pages they are.

use testkit::TestApp;

/// The address behind a link's text.
fn link(page: &str, text: &str) -> String {
    let before = page.split(&format!(">{text}</a>")).next().unwrap();
    let href = before.rsplit_once("href=\"").unwrap().1;
    href.split('"').next().unwrap().replace("&amp;", "&")
}

/// A CSV's cells, row by row; none of ours has a comma or a quote in it.
fn cells(csv: &str) -> Vec<Vec<&str>> {
    csv.lines().map(|line| line.split(',').collect()).collect()
}

fn column(csv: &str, name: &str) -> Vec<String> {
    let rows = cells(csv);
    let at = rows[0].iter().position(|column| *column == name).unwrap();
    rows[1..].iter().map(|row| row[at].to_owned()).collect()
}

#[tokio::test]
async fn the_csv_holds_every_hour_of_the_filter_in_the_order_of_the_page() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for _ in 0..60 {
        t.an_hour_passes().await;
    }
    // The session is over by now.
    acme.signs_in().await;
    acme.browser.looks_at_live();
    let narrowed = "/usage?state=accepted&dimension=payments";
    for (path, is_oldest) in [
        (narrowed.to_owned(), false),
        (format!("{narrowed}&sort=oldest"), true),
    ] {
        let mut path = path;
        let mut on_pages = Vec::new();
        for rows in [50, 10] {
            let page = acme.browser.get(&path).await.expect(200).text();
            let href = link(&page, "Export all these hours (CSV)");
            let csv = acme.browser.get(&href).await.expect(200).text();
            let hours = column(&csv, "hour");
            assert_eq!(hours.len(), 60, "{href}");
            assert!(
                column(&csv, "dimension")
                    .iter()
                    .all(|cell| cell == "payments")
            );
            assert!(column(&csv, "state").iter().all(|cell| cell == "accepted"));
            let mut sorted = hours.clone();
            sorted.sort();
            if !is_oldest {
                sorted.reverse();
            }
            assert_eq!(hours, sorted);
            let table = page.split_once("aria-label=\"Table: Hours\"").unwrap().1;
            let shown = table.split("<time datetime=\"").skip(1).step_by(2);
            on_pages.extend(shown.map(|rest| rest.split('"').next().unwrap().to_owned()));
            if rows == 50 {
                let further = if is_oldest { "Newer" } else { "Older" };
                path = link(&page, further);
            } else {
                assert_eq!(on_pages, hours, "the pages are the file");
            }
        }
    }
}

/// ASVS 1.2.10: a note that a spreadsheet would take for a formula comes behind an apostrophe.
#[tokio::test]
async fn nothing_in_the_csv_is_a_formula() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 2)).await;
    t.break_database("UPDATE metering_records SET note = '=HYPERLINK(1)'")
        .await;
    let path = "/api/v1/metering-records?format=csv";
    let csv = acme.browser.get(path).await.expect(200);
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"metering-records.csv\""
    );
    assert_eq!(column(&csv.text(), "note"), ["'=HYPERLINK(1)"]);
}
