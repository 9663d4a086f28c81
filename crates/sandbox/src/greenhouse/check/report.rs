//! What a check found, as rows and as a table.

use std::fmt;

/// How one row of the check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Works, but is worth mending.
    Warn,
    /// Breaks the contract.
    Fail,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        })
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How it ended.
    pub verdict: Verdict,
    /// `list_tests`, `send_test`, `test_status` or `response_error`.
    pub call: &'static str,
    /// What is expected.
    pub what: String,
    /// What was seen and what to mend; empty where it passed.
    pub mend: String,
}

/// All rows of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order in which they were looked at.
    pub rows: Vec<Row>,
}

impl Report {
    /// How many rows ended so.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows
            .iter()
            .filter(|row| row.verdict == verdict)
            .count()
    }

    /// Whether anything breaks the contract.
    pub fn fails(&self) -> bool {
        self.count(Verdict::Fail) > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Row {
            verdict,
            call,
            what,
            mend,
        } in &self.rows
        {
            writeln!(f, "{verdict:4}  {call:14}  {what}")?;
            if !mend.is_empty() {
                writeln!(f, "{:22}{mend}", "")?;
            }
        }
        let (pass, warn, fail) = (Verdict::Pass, Verdict::Warn, Verdict::Fail);
        let [pass, warn, fail] = [pass, warn, fail].map(|verdict| self.count(verdict));
        write!(f, "\n{pass} passed, {warn} to look at, {fail} failed.")
    }
}
