#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::collections::BTreeSet;

/// The names of all authorities, one a line, sorted.
const NAMES: &str = include_str!("authorities.txt");

/// The parts of a subject that name an authority, as encoded object identifiers: common name, unit and organization.
const NAMING: [[u8; 5]; 3] = [[6, 3, 85, 4, 3], [6, 3, 85, 4, 11], [6, 3, 85, 4, 10]];

/// The text of a part of a subject. After its identifier come the type of the text, its length and the text.
fn part(subject: &[u8], identifier: &[u8]) -> Option<String> {
    let at = subject.windows(identifier.len()).position(|bytes| bytes == identifier)?;
    let [_type, length, text @ ..] = &subject[at + identifier.len()..] else { return None };
    Some(String::from_utf8_lossy(text.get(..usize::from(*length))?).into_owned())
}

fn name(subject: &[u8]) -> String {
    let parts: Vec<String> = NAMING.iter().filter_map(|one| part(subject, one)).collect();
    parts.join(", ")
}

/// An update of `webpki-roots` can remove the authority of a factory. Then orders fail with `Factory.Unavailable`.
#[test]
fn the_authorities_of_factories_are_those_that_were_looked_at() {
    let roots = webpki_roots::TLS_SERVER_ROOTS;
    let now: BTreeSet<String> = roots.iter().map(|root| name(&root.subject)).collect();
    assert_eq!(now.len(), roots.len(), "each authority has a name of its own");
    let before: BTreeSet<String> = NAMES.lines().map(str::to_owned).collect();
    let removed: Vec<_> = before.difference(&now).collect();
    let added: Vec<_> = now.difference(&before).collect();
    assert!(
        removed.is_empty() && added.is_empty(),
        "webpki-roots has removed {removed:#?} and added {added:#?}. Ask the factories whose certificates an authority that \
         was removed has signed. Then change authorities.txt in the same way"
    );
}

#[test]
fn factories_are_trusted_without_a_provider_of_the_process() {
    super::configuration().expect("a configuration");
}
