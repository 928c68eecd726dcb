/// The one of `known` that `word` was probably meant to be: at most two letters, or a third of them, apart.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 3).max(2).min(word.chars().count().saturating_sub(1));
    let distances = known.into_iter().map(|other| (distance(word, other), other));
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, other)| other)
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
