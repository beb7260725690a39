//! The usage page's link to the CSV: it exports the rows that the page shows, neither more nor others.

use testkit::TestApp;

/// The address behind a link's text.
fn link(page: &str, text: &str) -> String {
    let before = page.split(&format!(">{text}</a>")).next().unwrap();
    let href = before.rsplit_once("href=\"").unwrap().1;
    href.split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn the_csv_holds_the_rows_of_the_page_it_is_linked_from() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for _ in 0..60 {
        t.an_hour_passes().await;
    }
    // The session is over by now.
    acme.signs_in().await;
    let mut path = "/usage?state=accepted&dimension=payments".to_owned();
    for rows in [50, 10] {
        let page = acme.browser.get(&path).await.expect(200).text();
        let href = link(&page, "Export these hours (CSV)");
        let csv = acme.browser.get(&href).await.expect(200).text();
        let lines: Vec<&str> = csv.lines().skip(1).collect();
        assert_eq!(lines.len(), rows, "{href}");
        assert_eq!(page.matches("scope=\"row\"").count(), rows, "{path}");
        for line in &lines {
            assert!(line.contains("payments") && line.contains("accepted"));
            let hour = line.split(',').find(|cell| cell.ends_with(":00:00Z"));
            assert!(page.contains(hour.unwrap()), "{line}");
        }
        if rows == 50 {
            path = link(&page, "Older");
        }
    }
}
