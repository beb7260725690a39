//! What kind of world a seed makes: how many processes, how much fails, what happens often and what never. Seeds differ in this as much
//! as in what happens, because a fault that is frequent hides one that is rare.

use chrono::Duration;
use domain::Timestamp;

use crate::random::Random;

/// The character of one world.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties of a world, each drawn by itself"
)]
pub(super) struct Plan {
    pub start: Timestamp,
    pub processes: usize,
    /// Chances in a hundred: that a call fails on its way out, that its answer is lost, that metering answers oddly.
    pub fail_out: u64,
    pub fail_back: u64,
    pub odd: u64,
    /// That a process dies while a task runs on, in a hundred.
    pub die: u64,
    /// Whether clocks of processes are off.
    pub skew: bool,
    /// Whether hours and days pass at once.
    pub leaps: bool,
    /// How often one event is delivered, at most.
    pub copies: u64,
    /// How long AWS may take to deliver, at most.
    pub delay: Duration,
    /// How many buyers there may be.
    pub buyers: usize,
    /// How AWS answers what it has already: as a success, or as a duplicate.
    pub repetition_is_duplicate: bool,
    /// Whether AWS takes the hour in which a licence began.
    pub takes_first_hour: bool,
    /// Weights of what happens, in the order of [`super::choose::Deed`].
    pub weights: Vec<u64>,
}

impl Plan {
    /// The world of this seed, with one weight for each of the usual ones, which vary.
    pub(super) fn draw(random: &mut Random, usual: &[u64]) -> Self {
        let start = random.one_of(&[
            "2026-11-22T10:07:00Z",
            // Around the turn of a month and of a year, with the cut at 06:00Z ahead.
            "2026-11-30T21:10:00Z",
            "2026-12-31T22:50:00Z",
            "2027-02-28T23:58:00Z",
        ]);
        let start = start.parse().expect("a moment");
        let rate = |random: &mut Random, rates: [u64; 4]| *random.one_of(&rates);
        let weights = usual.iter().map(|weight| {
            let factor = *random.one_of(&[0, 1, 2, 2, 2, 4]);
            weight * factor
        });
        let weights = weights.collect();
        let leaps = random.percent(50);
        Self {
            start,
            processes: usize::try_from(1 + random.below(3)).expect("a small number"),
            fail_out: rate(random, [0, 5, 20, 60]),
            fail_back: rate(random, [0, 5, 20, 60]),
            odd: rate(random, [0, 10, 30, 60]),
            die: rate(random, [0, 1, 4, 10]),
            skew: random.percent(50),
            leaps,
            copies: rate(random, [1, 2, 5, 20]),
            delay: Duration::minutes(if leaps { 180 } else { 20 }),
            buyers: usize::try_from(2 + random.below(3)).expect("a small number"),
            repetition_is_duplicate: random.percent(50),
            takes_first_hour: random.percent(80),
            weights,
        }
    }
}
