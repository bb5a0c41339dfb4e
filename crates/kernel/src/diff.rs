//! What was added and removed between two texts, by character: Chinese has no spaces to part words by. Runs of letters and
//! digits of other scripts stay whole. Pure.

/// A piece of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the new text.
    Added(String),
    /// Only in the old text.
    Removed(String),
}

/// Cells of the table of lengths above which sentences are compared instead of characters: 16 MB.
const CELLS: usize = 4 << 20;

/// The sentences and lines of a text, each with its mark.
fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '！', '？', '\n']).collect()
}

fn parts(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((from, c)) = chars.next() {
        let mut end = from + c.len_utf8();
        if c.is_ascii_alphanumeric() {
            while let Some((at, _)) = chars.next_if(|(_, c)| c.is_ascii_alphanumeric()) {
                end = at + 1;
            }
        }
        out.push(&text[from..end]);
    }
    out
}

fn push(out: &mut Vec<Piece>, wrap: fn(String) -> Piece, text: &str) {
    match (out.last_mut(), wrap(String::new())) {
        (Some(Piece::Same(s)), Piece::Same(_))
        | (Some(Piece::Added(s)), Piece::Added(_))
        | (Some(Piece::Removed(s)), Piece::Removed(_)) => s.push_str(text),
        _ => out.push(wrap(text.to_owned())),
    }
}

/// Compares two texts by their longest common part: by character, or by sentence where they are long.
#[must_use]
pub fn compare(old: &str, new: &str) -> Vec<Piece> {
    let (mut a, mut b) = (parts(old), parts(new));
    if a.len().saturating_mul(b.len()) > CELLS {
        (a, b) = (sentences(old), sentences(new));
    }
    let width = b.len() + 1;
    // at[i][j]: the longest common part of what follows i in the old and j in the new text.
    let mut at = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            at[i * width + j] = if a[i] == b[j] {
                at[(i + 1) * width + j + 1] + 1
            } else {
                at[(i + 1) * width + j].max(at[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            push(&mut out, Piece::Same, a[i]);
            (i, j) = (i + 1, j + 1);
        } else if i < a.len() && (j == b.len() || at[(i + 1) * width + j] >= at[i * width + j + 1]) {
            push(&mut out, Piece::Removed, a[i]);
            i += 1;
        } else {
            push(&mut out, Piece::Added, b[j]);
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_changed_is_marked() {
        let all = compare("在3号楼车棚装6个充电桩", "在3号楼北侧装12个充电桩");
        assert_eq!(
            all,
            [
                Piece::Same("在3号楼".into()),
                Piece::Removed("车棚".into()),
                Piece::Added("北侧".into()),
                Piece::Same("装".into()),
                Piece::Removed("6".into()),
                Piece::Added("12".into()),
                Piece::Same("个充电桩".into()),
            ]
        );
        assert!(compare("", "").is_empty());
        let long = "先挖沟。".repeat(900);
        let all = compare(&long, &format!("{long}再铺管。"));
        assert_eq!(all, [Piece::Same(long), Piece::Added("再铺管。".into())], "long texts by sentence");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_it(old in "[车棚装个12ab ]{0,40}", new in "[车棚装个12ab ]{0,40}") {
            let all = compare(&old, &new);
            let read = |skip: fn(&Piece) -> bool| all.iter().filter(|p| !skip(p)).map(|p| match p {
                Piece::Same(s) | Piece::Added(s) | Piece::Removed(s) => s.as_str(),
            }).collect::<String>();
            prop_assert_eq!(read(|p| matches!(p, Piece::Added(_))), old);
            prop_assert_eq!(read(|p| matches!(p, Piece::Removed(_))), new);
        }
    }
}
