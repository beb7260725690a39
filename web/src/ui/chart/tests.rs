//! What a figure is made of, and how it looks as a whole.

use super::*;

fn html(figure: Figure) -> String {
    let owner = Owner::new();
    owner.with(|| view! { <Chart figure=figure/> }.to_html())
}

#[test]
fn lines_are_at_round_numbers_and_the_highest_bar_is_below_the_last() {
    for (highest, expected) in [
        (0, (1, 1)),
        (1, (1, 1)),
        (4, (1, 4)),
        (5, (2, 3)),
        (9, (5, 2)),
        (19, (5, 4)),
        (1530, (500, 4)),
        (2_147_483_647, (1_000_000_000, 3)),
    ] {
        let (distance, count) = lines(highest);
        assert_eq!((distance, count), expected, "{highest}");
        assert!(distance * count >= highest);
    }
    // Two thousand million in every hour of a month, of three dimensions: it ends, and nothing overflows.
    assert!(lines(i64::MAX).1 <= MOST_LINES);
    for (number, text) in [
        (0, "0"),
        (500, "500"),
        (1_500, "1.5 k"),
        (20_000, "20 k"),
        (1_500_000, "1.5 M"),
        (3_000_000_000, "3 G"),
    ] {
        assert_eq!(short(number), text);
    }
}

#[test]
fn every_bar_has_its_point_and_its_row_and_fits() {
    let html = html(sample());
    let body = html.split_once("<tbody>").unwrap().1;
    assert_eq!(html.matches("data-point").count(), 3);
    assert_eq!(body.matches("<tr>").count(), 3);
    // 1,530 of 2,000; the smallest part is as high as can be seen.
    assert!(html.contains("height=\"600\"") && html.contains("height=\"150\""));
    assert!(html.contains(&format!("height=\"{LEAST}\"")));
    assert!(html.contains("fill=\"url(#sample-striped)\""));
    assert!(html.contains("id=\"sample-striped\""));
    for text in ["1,200<", "> accepted<", ">2 k<", ">0<", ">1,530<"] {
        assert!(html.replace("<!>", "").contains(text), "{text}: {html}");
    }
}

#[test]
fn what_is_all_zero_is_said_and_not_drawn() {
    let mut figure = sample();
    for bar in &mut figure.bars {
        bar.values = vec![0; 5];
    }
    let html = html(figure);
    assert!(
        html.contains("No units.") && !html.contains("<svg"),
        "{html}"
    );
    assert!(!html.contains("leptos-island"), "{html}");
    assert_eq!(html.matches("<tr>").count(), 4);
}

/// The figure as a whole, one bar of it.
#[test]
fn a_figure_looks_like_this() {
    let mut figure = sample();
    figure.bars.truncate(1);
    figure.labels.truncate(1);
    let html = html(figure).replace("<!>", "");
    // How an island is called depends on where it is built.
    let (before, island) = html.split_once(" data-component=").unwrap();
    let (_, after) = island.split_once(' ').unwrap();
    let html = format!("{before} {after}")
        .replace("><", ">\n<")
        .replace(">\n</", "></");
    insta::assert_snapshot!(html, @r##"
    <figure id="sample" class="chart">
    <ul class="legend">
    <li>
    <span aria-hidden="true" class="swatch solid"></span>Accepted</li>
    <li>
    <span aria-hidden="true" class="swatch soft"></span>In your contract</li>
    <li>
    <span aria-hidden="true" class="swatch striped"></span>On its way</li>
    <li>
    <span aria-hidden="true" class="swatch hollow"></span>Open</li>
    <li>
    <span aria-hidden="true" class="swatch hatched"></span>Not taken</li></ul>
    <div class="plot">
    <div aria-hidden="true" class="chart-scale">
    <span>2 k</span>
    <span>1.5 k</span>
    <span>1 k</span>
    <span>500</span>
    <span>0</span></div>
    <svg role="img" aria-label="Units a day: 1,240 accepted." viewBox="0 0 20 1000" preserveAspectRatio="none">
    <defs>
    <pattern id="sample-striped" patternUnits="userSpaceOnUse" width="20" height="40">
    <rect width="20" height="40" class="striped-ground"></rect>
    <rect width="20" height="22" class="striped"></rect></pattern>
    <pattern id="sample-hatched" patternUnits="userSpaceOnUse" width="5" height="100">
    <rect width="5" height="100" class="hatched-ground"></rect>
    <rect width="3" height="100" class="hatched"></rect></pattern></defs>
    <line x1="0" x2="20" y1="1000" y2="1000" class="across"></line>
    <line x1="0" x2="20" y1="750" y2="750" class="across"></line>
    <line x1="0" x2="20" y1="500" y2="500" class="across"></line>
    <line x1="0" x2="20" y1="250" y2="250" class="across"></line>
    <line x1="0" x2="20" y1="0" y2="0" class="across"></line>
    <g data-point="">
    <rect x="0" y="0" width="20" height="1000" class="slot"></rect>
    <rect x="3" y="400" width="14" height="600" class="bar solid"></rect>
    <rect x="3" y="385" width="14" height="15" class="bar soft"></rect>
    <rect x="3" y="235" width="14" height="150" fill="url(#sample-hatched)" class="bar"></rect></g></svg>
    <div aria-hidden="true" class="chart-labels">
    <span>20 Nov</span></div></div>
    <leptos-island data-props="{&quot;of&quot;:&quot;sample&quot;}">
    <output role="status" class="chart-value"> </output></leptos-island>
    <details class="chart-table">
    <summary>Show as a table</summary>
    <div tabindex="0" role="region" aria-label="The chart's figures" class="table">
    <table>
    <caption>
    <p>Units a day: 1,240 accepted.</p></caption>
    <thead>
    <tr>
    <th scope="col">Day (UTC)</th>
    <th scope="col" class="num name">accepted</th>
    <th scope="col" class="num name">in your contract</th>
    <th scope="col" class="num name">on its way</th>
    <th scope="col" class="num name">open</th>
    <th scope="col" class="num name">not taken</th>
    <th scope="col" class="num">together</th></tr></thead>
    <tbody>
    <tr>
    <th scope="row">20 Nov</th>
    <td class="num">1,200<span class="unseen"> accepted</span></td>
    <td class="num">30<span class="unseen"> in your contract</span></td>
    <td class="num">0<span class="unseen"> on its way</span></td>
    <td class="num">0<span class="unseen"> open</span></td>
    <td class="num">300<span class="unseen"> not taken</span></td>
    <td class="num">1,530<span class="unseen"> together</span></td></tr></tbody></table></div></details></figure>
    "##);
}
