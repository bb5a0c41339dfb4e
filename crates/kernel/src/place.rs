//! The path of a place in the tree street › community › compound › building › unit › dwelling.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place as the chain of codes from the street down, such as `/QH/LY/LYHY/3/2/101/`.
///
/// It begins and ends with a slash, so that "lies within" is a plain prefix test both here and in
/// SQL (`path >= '/QH/LY/' AND path < '/QH/LY0'`: `0` follows `/` in ASCII).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlacePath(String);

impl PlacePath {
    /// The root, above every street.
    #[must_use]
    pub fn root() -> Self {
        Self("/".into())
    }

    /// Reads a stored path; anything that is not one becomes `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let ok = text.starts_with('/')
            && text.ends_with('/')
            && !text.contains("//")
            && text.len() <= 200
            && text.chars().all(|c| c == '/' || c == '-' || c == '_' || c.is_alphanumeric());
        ok.then(|| Self(text.to_owned()))
    }

    /// The path of a child with this code; `None` when the code holds anything but letters, digits, `-`, `_`.
    #[must_use]
    pub fn child(&self, code: &str) -> Option<Self> {
        if code.is_empty() || code.contains('/') {
            return None;
        }
        Self::parse(&format!("{}{code}/", self.0))
    }

    /// The place above; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let inner = self.0.strip_suffix('/')?;
        let cut = inner.rfind('/')?;
        Some(Self(self.0[..=cut].to_owned()))
    }

    /// Whether this place is `other` or lies below it.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The text of the path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The codes from the street down.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|c| !c.is_empty())
    }

    /// The path cut to its first `depth` codes (2 is the community).
    #[must_use]
    pub fn cut(&self, depth: usize) -> Self {
        let mut out = String::from("/");
        for code in self.codes().take(depth) {
            out.push_str(code);
            out.push('/');
        }
        Self(out)
    }

    /// The first text after every path within this one; the upper bound of a range scan.
    #[must_use]
    pub fn upper(&self) -> String {
        let mut end = self.0.clone();
        end.pop();
        end.push('0');
        end
    }
}

impl fmt::Display for PlacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PlacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> PlacePath {
        PlacePath::parse(text).unwrap()
    }

    #[test]
    fn within_is_a_prefix_of_whole_codes() {
        assert!(path("/QH/LY/3/").within(&path("/QH/LY/")));
        assert!(!path("/QH/LYX/").within(&path("/QH/LY/")));
        assert!(path("/QH/").within(&PlacePath::root()));
    }

    #[test]
    fn the_upper_bound_holds_every_child_and_no_neighbour() {
        let ly = path("/QH/LY/");
        for inside in ["/QH/LY/", "/QH/LY/1/", "/QH/LY/柳/"] {
            assert!(inside >= ly.as_str() && *inside < *ly.upper());
        }
        assert!(*"/QH/LYX/" >= *ly.upper());
    }

    #[test]
    fn bad_codes_are_no_children() {
        let root = PlacePath::root();
        for bad in ["", "a/b", "a b", "a%", "'"] {
            assert_eq!(root.child(bad), None, "{bad}");
        }
    }

    #[test]
    fn parents_and_cuts() {
        let deep = path("/QH/LY/LYHY/3/");
        assert_eq!(deep.parent(), Some(path("/QH/LY/LYHY/")));
        assert_eq!(deep.cut(2), path("/QH/LY/"));
        assert_eq!(PlacePath::root().parent(), None);
    }
}
