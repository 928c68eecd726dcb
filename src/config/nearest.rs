/// The one of `known` that `word` was probably meant to be: at most two letters, or a third of them, apart.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = reach(word);
    let distances = known.into_iter().map(|other| (distance(word, other), other));
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, other)| other)
}

/// Those of `known` that are about as near or begin with `word`, the nearest first, `most` at most.
#[must_use]
pub fn nearby<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let reach = reach(word);
    let begin = word.to_lowercase();
    let is_near = |(distance, other): &(usize, &str)| *distance <= reach || other.to_lowercase().starts_with(&begin);
    let distances = known.into_iter().map(|other| (distance(word, other), other));
    let mut near: Vec<_> = distances.filter(is_near).collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(most).map(|(_, other)| other).collect()
}

fn reach(word: &str) -> usize {
    let letters = word.chars().count();
    (letters / 3).max(2).min(letters.saturating_sub(1))
}

/// Letters to insert, drop or change to make `b` of `a`; capitals do not count.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.chars().enumerate() {
            let change = corner + usize::from(from != to);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.chars().count()]
}
