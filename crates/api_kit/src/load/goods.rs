use warehouse::audit::Goods;

/// What the ledger says against the units that customers were told they had bought.
pub fn problems(answered: u64, before: Goods, after: Goods) -> Vec<String> {
    let answered = i64::try_from(answered).unwrap_or(i64::MAX);
    let (existed, sold) = (before.stock() + after.came - before.came, after.sold - before.sold);
    let mut problems = Vec::new();
    if answered > existed {
        problems.push(format!("oversold: {answered} units were sold, and {existed} existed"));
    }
    if answered > sold {
        problems.push(format!(
            "{answered} units were answered sold, and the ledger has only {sold} of them"
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::{Goods, problems};

    const BEFORE: Goods = Goods { came: 60, sold: 10 };

    #[test]
    fn what_existed_can_be_sold() {
        let after = Goods { came: 110, sold: 110 };
        assert!(problems(100, BEFORE, after).is_empty(), "50 in stock and 50 that arrived");
        assert!(problems(90, BEFORE, after).is_empty(), "somebody else has bought 10");
    }

    #[test]
    fn more_answers_than_goods_are_an_oversell() {
        let found = problems(101, BEFORE, Goods { came: 110, sold: 111 });
        assert_eq!(found, ["oversold: 101 units were sold, and 100 existed"]);
    }

    #[test]
    fn an_answer_without_a_sale_in_the_ledger_is_found() {
        let found = problems(30, BEFORE, Goods { came: 60, sold: 39 });
        assert_eq!(found, ["30 units were answered sold, and the ledger has only 29 of them"]);
    }
}
