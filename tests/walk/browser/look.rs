//! A good look at a page: nothing in the browser's log, and at each width in light and dark nothing that axe complains of and no sideways
//! scrolling. The page is loaded once; its window and the scheme change around it.
//! With `PAYPHONE_SCREENS` set to a directory, what was seen is kept there.

use std::{fs, path::PathBuf, sync::OnceLock};

use serde_json::Value;

use crate::browser::{Browser, WIDE};

/// The widths of windows: a telephone, or a window at 400 % (WCAG 1.4.10); a tablet; a desk.
pub(crate) const WIDTHS: [u32; 3] = [320, 768, WIDE];

/// WCAG 2.0 to 2.2 at levels A and AA.
const AXE: &str = "const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
        .then(found => done(found.violations.map(one =>
            one.id + ': ' + one.help + ': ' + one.nodes.map(node => node.html.slice(0, 300) + ' ' + node.failureSummary).join(' | '))))
        .catch(error => done(['axe failed: ' + error]));";

impl Browser {
    /// Looks at the page; `name` is what it is called when something is wrong, and on its picture.
    pub(crate) fn look(&self, name: &str) {
        self.sees_no_errors(name);
        for width in WIDTHS {
            self.set_width(width);
            assert_eq!(
                self.sideways(),
                Value::Array(vec![]),
                "{name} scrolls sideways at {width} px"
            );
            for dark in [false, true] {
                self.set_dark(dark);
                let how = if dark { "dark" } else { "light" };
                self.keep(name, &format!("{width}-{how}"));
                self.judge(name, &format!("{width} px, {how}"));
            }
            self.set_dark(false);
        }
        self.sees_no_errors(name);
    }

    fn sees_no_errors(&self, name: &str) {
        assert_eq!(self.unexpected(), [""; 0], "in the log at {name}");
    }

    /// What is wider than the window, if anything is.
    pub(crate) fn sideways(&self) -> Value {
        self.session.script(
            "const page = document.documentElement; if (page.scrollWidth <= page.clientWidth) return [];
             return [page.scrollWidth + ' > ' + page.clientWidth].concat([...document.querySelectorAll('body *')]
                 .filter(one => one.getBoundingClientRect().right > page.clientWidth + 1)
                 .map(one => one.outerHTML.slice(0, 120)).slice(0, 8));",
            None,
        )
    }

    fn judge(&self, name: &str, how: &str) {
        // axe is script itself, and the page is the same without.
        if self.script {
            let complaints = self.complaints();
            assert_eq!(complaints, [""; 0], "{name}, {how}");
        }
    }

    /// What axe finds.
    pub(crate) fn complaints(&self) -> Vec<String> {
        if self
            .session
            .script("return typeof axe === 'undefined'", None)
            == true
        {
            self.session.script(axe(), None);
        }
        let found = self.session.script_async(AXE);
        let found = found.as_array().expect("a list").iter();
        found
            .map(|one| one.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    fn keep(&self, name: &str, how: &str) {
        let Some(dir) = screens() else { return };
        let script = if self.script { "" } else { "-noscript" };
        let file = dir.join(format!("{name}{script}-{how}.png"));
        fs::write(file, self.session.screenshot()).expect("a picture");
    }
}

fn axe() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let file = xtask::doctor::axe().expect("axe-core: `cargo xtask doctor` fetches it");
        fs::read_to_string(file).expect("axe-core")
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever wants the pictures says so through the environment"
)]
fn screens() -> Option<PathBuf> {
    let dir = PathBuf::from(std::env::var("PAYPHONE_SCREENS").ok()?);
    fs::create_dir_all(&dir).expect("a directory for pictures");
    Some(dir)
}
