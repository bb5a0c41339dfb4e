//! What a ballot says.

use super::Shape;
use kernel::Refusal;
use tally::Choice;

/// Names written in on one ballot, at most; more than seats make it invalid anyway.
const MOST_WRITTEN: usize = 20;

/// What a ballot says, in the terms of its poll's shape. Its text is what tables, the journal and published files carry:
/// `yes`, `2,5`, `2,5+张三`, empty for a blank one, `invalid`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vote {
    /// For, against, abstaining, with the majority.
    Side(Choice),
    /// Marked options (or their order), from 1; and names written in.
    Marks(Vec<u32>, Vec<String>),
    /// Returned, but not to be read.
    Invalid,
}

impl Vote {
    /// Reads a vote for a poll with so many options. `paper` takes what only paper can say: an invalid ballot, too many
    /// marks, names written in.
    ///
    /// # Errors
    /// `polls.no-choice` when nothing was chosen that the shape asks for; `polls.bad-vote` for what this poll does not offer.
    pub fn read(shape: &Shape, options: usize, text: &str, paper: bool) -> Result<Self, Refusal> {
        let bad = || Refusal::invalid("vote", "polls.bad-vote");
        let text = text.trim();
        if text == "invalid" {
            return if paper { Ok(Self::Invalid) } else { Err(bad()) };
        }
        if matches!(shape, Shape::Sides | Shape::Owners { .. }) {
            if text.is_empty() {
                return Err(Refusal::invalid("vote", "polls.no-choice"));
            }
            let choice = Choice::parse(text).ok_or_else(bad)?;
            return match choice {
                Choice::Yes | Choice::No | Choice::Abstain => Ok(Self::Side(choice)),
                Choice::Conform if matches!(shape, Shape::Owners { conform: true }) => Ok(Self::Side(choice)),
                _ => Err(bad()),
            };
        }
        let mut parts = text.split('+');
        let mut marks = Vec::new();
        for mark in parts.next().unwrap_or_default().split(',').map(str::trim).filter(|m| !m.is_empty()) {
            let mark: u32 = mark.parse().map_err(|_| bad())?;
            if mark == 0 || mark as usize > options || marks.len() > options {
                return Err(bad());
            }
            marks.push(mark);
        }
        let mut written: Vec<String> = Vec::new();
        for name in parts.map(str::trim).filter(|n| !n.is_empty()) {
            if !paper || !matches!(shape, Shape::Election { .. }) || written.len() >= MOST_WRITTEN {
                return Err(bad());
            }
            written.push(kernel::text::required("vote", name, 40)?);
        }
        if !paper {
            let mut once = marks.clone();
            once.sort_unstable();
            once.dedup();
            if once.len() != marks.len() || marks.len() > shape.most(options) {
                return Err(
                    Refusal::invalid("vote", "polls.too-many-marks").with("most", shape.most(options))
                );
            }
        }
        // Only in a ranking does the order say something.
        if !matches!(shape, Shape::Ranking) {
            marks.sort_unstable();
            written.sort_unstable();
        }
        Ok(Self::Marks(marks, written))
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Side(choice) => choice.code().to_owned(),
            Self::Invalid => "invalid".to_owned(),
            Self::Marks(marks, written) => {
                let mut out = marks.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
                for name in written {
                    out.push('+');
                    out.push_str(name);
                }
                out
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ballot_says_what_its_poll_offers_and_nothing_else() {
        let read = |shape: &Shape, text: &str, paper| Vote::read(shape, 3, text, paper).map(|v| v.text());
        let owners = Shape::Owners { conform: false };
        assert_eq!(read(&owners, "yes", false).unwrap(), "yes");
        for bad in ["conform", "none", "invalid", "1", "", "Yes"] {
            assert!(read(&owners, bad, false).is_err(), "{bad}");
        }
        assert_eq!(read(&Shape::Owners { conform: true }, "conform", false).unwrap(), "conform");
        assert_eq!(read(&owners, "invalid", true).unwrap(), "invalid");
        let marks = Shape::Marks { most: 2, places: 1 };
        assert_eq!(read(&marks, "3,1", false).unwrap(), "1,3");
        assert_eq!(read(&marks, "", false).unwrap(), "", "a blank ballot is a ballot");
        for bad in ["1,1", "1,2,3", "4", "0", "a", "1+张三"] {
            assert!(read(&marks, bad, false).is_err(), "{bad}");
        }
        assert_eq!(
            read(&marks, "1,2,3", true).unwrap(),
            "1,2,3",
            "paper may carry too many; the count says so"
        );
        assert_eq!(read(&Shape::Ranking, "3,1", false).unwrap(), "3,1", "order is the vote");
        let election = Shape::Election { seats: 2 };
        assert_eq!(read(&election, "2,1+李四+张三", true).unwrap(), "1,2+张三+李四");
        assert!(read(&election, "1+张三", false).is_err());
    }

    proptest! {
        #[test]
        fn what_was_read_is_read_again(marks in prop::collection::vec(1u32..9, 0..6), written in prop::collection::vec("[一-龥]{2,3}", 0..3)) {
            let shape = Shape::Election { seats: 3 };
            let vote = Vote::Marks(marks, written);
            let once = Vote::read(&shape, 8, &vote.text(), true).unwrap();
            prop_assert_eq!(Vote::read(&shape, 8, &once.text(), true).unwrap(), once);
        }
    }
}
