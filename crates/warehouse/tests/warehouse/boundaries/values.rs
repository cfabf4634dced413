//! The values to try.

use super::{Value, texts};

/// Each ASCII character alone, at the start, in the middle and at the end of a text, and texts of each length.
pub(super) fn labels() -> Vec<Value> {
    let characters = (0..128_u8).map(char::from).chain(['é', '부']);
    let placed = characters
        .flat_map(|c| [format!("{c}"), format!("{c}A"), format!("A{c}B"), format!("A{c}")]);
    let lengths = [0, 1, 2, 39, 40, 41, 63, 64, 65].map(|length| "A".repeat(length));
    texts(placed.chain(lengths))
}

/// Without white space at the end of a valid id: a column of type CHAR cuts it, and what is stored is valid.
pub(super) fn orders() -> Vec<Value> {
    let valid = "01234567-89ab-cdef-0123-456789abcdef";
    let mut orders = vec![valid.to_owned(), valid.to_uppercase(), valid.replace('-', "")];
    orders.extend([&valid[1..], &format!("{valid}0"), ""].map(str::to_owned));
    for place in [0, 8, 13, 23, 35] {
        for character in ['g', '-', '0', 'f', ' ', '\n'] {
            let mut changed = valid.to_owned();
            changed.replace_range(place..=place, &character.to_string());
            orders.push(changed);
        }
    }
    texts(orders)
}

/// Each ASCII character in a host, a port and a path, and texts of each length. Not a port or an address that can be
/// written in another way: the table allows it and the type does not.
pub(super) fn urls() -> Vec<Value> {
    let characters = (0..128_u8).map(char::from).chain(['é', '부']);
    let with = |c| {
        [
            format!("https://a{c}b.example/c"),
            format!("https://a.example{c}/c"),
            format!("https://{c}.example"),
            format!("https://a.example/b{c}"),
            format!("https://a.example:8443{c}"),
        ]
    };
    let lengths = [150, 176, 177, 178].map(|length| {
        format!("https://a.example:8443/{}{}", "ab/c".repeat(10), "b".repeat(length - 40))
    });
    let others = [
        "http://a",
        "ftp://a",
        "a",
        "https://",
        "https:///a",
        "https://a.example//b",
        "https://a..example",
        "https://a:",
        "https://a:0",
        "https://A.example",
    ];
    texts(characters.flat_map(with).chain(lengths).chain(others.map(str::to_owned)))
}

pub(super) fn with_white_space(mut orders: Vec<Value>) -> Vec<Value> {
    orders
        .extend(texts([" ", "\n"].map(|end| format!("01234567-89ab-cdef-0123-456789abcdef{end}"))));
    orders
}

pub(super) fn numbers() -> Vec<Value> {
    let limits = [0, 1, 50, 100, 1_000_000, i64::from(i32::MAX), i64::from(u32::MAX)];
    let around = limits.into_iter().flat_map(|limit| [limit - 1, limit, limit + 1]);
    around.chain([i64::from(i32::MIN), i64::MAX]).map(Value::Number).collect()
}
