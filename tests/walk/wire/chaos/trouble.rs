//! What happens to the lines meanwhile: ended, silent for a while, or slow; on PostgreSQL ended in the middle of a commit as well.

use std::{fmt, time::Duration};

use rand::{RngExt, rngs::StdRng};
use testkit::proxy::{At, Line, Proxy};
use walk::Lines;
use xtask::stand::eventually;

/// 2 KB/s.
const SLOW: u32 = 2 * 1024;
/// Longer than any request or attempt at AWS, and than a lease.
const LONGEST: u64 = 12_000;

/// How often.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    kinds: usize,
    cut: usize,
    silent: usize,
    slow: usize,
    commits: usize,
}

impl Troubles {
    /// One more: each kind in its turn, on a line and for a time by chance; the line is open again afterwards.
    pub(crate) fn happens(&mut self, lines: &Lines, random: &mut StdRng) {
        self.kinds += 1;
        let database = lines.database.as_ref();
        let line = database
            .filter(|_| random.random_bool(0.5))
            .unwrap_or(&lines.aws);
        match self.kinds % 4 {
            1 => {
                self.cut += 1;
                stays(line, Line::Cut, random.random_range(20..3000));
            }
            2 => {
                self.silent += 1;
                stays(line, Line::Silent, random.random_range(500..LONGEST));
            }
            3 => {
                self.slow += 1;
                stays(line, Line::Drip(SLOW), random.random_range(500..LONGEST));
            }
            _ => self.commit_is_cut(database, &lines.aws, random),
        }
    }

    /// On SQLite there is no line to a commit, and the one to AWS is cut.
    fn commit_is_cut(&mut self, database: Option<&Proxy>, aws: &Proxy, random: &mut StdRng) {
        let Some(database) = database else {
            self.cut += 1;
            return stays(aws, Line::Cut, random.random_range(20..3000));
        };
        for _ in 0..random.random_range(1..6) {
            let at = if random.random_bool(0.5) {
                At::Before
            } else {
                At::After
            };
            database.catch_commit(at);
            let bound = Duration::from_secs(10);
            let _ = eventually(bound, || database.caught().then_some(()));
            self.commits += usize::from(!database.forget());
        }
    }

    /// Whether anything happened at all.
    pub(crate) fn some(&self) -> bool {
        self.kinds > 0
    }
}

impl fmt::Display for Troubles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cut,
            silent,
            slow,
            commits,
            ..
        } = self;
        write!(
            f,
            "lines: {cut} times cut, {silent} times silent, {slow} times slow, {commits} times cut at a commit"
        )
    }
}

/// The line is like that for so many milliseconds.
fn stays(line: &Proxy, how: Line, milliseconds: u64) {
    line.turn(how);
    let _ = eventually(Duration::from_millis(milliseconds), || None::<()>);
    line.turn(Line::Open);
}
