//! What was decided and what came of it, line after line: the last of them for people, all of them as one number that two runs of a
//! seed must share.

use std::collections::VecDeque;

/// How many lines a failure shows.
const SHOWN: usize = 40;

/// The trace of one run.
#[derive(Debug)]
pub(super) struct Trace {
    last: VecDeque<String>,
    hash: u64,
    /// How many steps were taken.
    pub step: usize,
    every_line: bool,
}

impl Trace {
    pub(super) const fn new(every_line: bool) -> Self {
        Self {
            last: VecDeque::new(),
            // FNV-1a, 64 bits.
            hash: 0xcbf2_9ce4_8422_2325,
            step: 0,
            every_line,
        }
    }

    pub(super) fn note(&mut self, line: &str) {
        for byte in line.bytes().chain([b'\n']) {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if self.last.len() == SHOWN {
            self.last.pop_front();
        }
        let line = format!("{:>5}  {line}", self.step);
        if self.every_line {
            eprintln!("{line}");
        }
        self.last.push_back(line);
    }

    pub(super) const fn hash(&self) -> u64 {
        self.hash
    }

    pub(super) fn last(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }
}
