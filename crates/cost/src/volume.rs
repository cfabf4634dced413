//! What a month costs with a volume of one's own, and what one product can sell.

use anyhow::Result;

use super::{
    prices::Figures,
    tables::{HOURS, items_of_use, per_month},
    usage::Calculator,
};

const SECONDS: f64 = HOURS * 3600.0;

/// A month with so many purchases sold.
pub(crate) fn table(calculator: &Calculator, sold: u32) -> Result<String> {
    let mut lines = format!("| a month with {} purchases sold | USD |\n", grouped(f64::from(sold)));
    lines += "| --- | ---: |\n";
    let mut sum = per_month(calculator)?;
    lines += &format!("| without use | {sum:.2} |\n");
    for (name, scenario, per_sold) in calculator.scenarios() {
        let times = f64::from(sold) * per_sold;
        let cost =
            calculator.prices.cost(&(calculator.usage(scenario)? * times), &items_of_use())?;
        sum += cost;
        lines += &format!("| {} {name} | {cost:.2} |\n", grouped(times));
    }
    lines += &format!("| **total** | **{sum:.2}** |\n");
    Ok(lines + "\n" + &limit(&calculator.prices.figures, f64::from(sold)))
}

/// What the restocks of one product allow. The factory makes at most the target stock in a lead time, and while it does, the
/// goods of the reorder point are sold.
fn limit(figures: &Figures, sold: f64) -> String {
    let (target, point, lead) =
        (figures.target_stock.is, figures.reorder_point.is, figures.lead_time_seconds.is);
    let month = |stock: f64| grouped((stock / lead * SECONDS).floor());
    let needed = (sold * lead / SECONDS).ceil();
    format!(
        "One product with a target stock of {target}, a reorder point of {point} and a lead time of {lead} s sells at most {} a \
         month, because a restock brings at most {target} and takes {lead} s. Up to {}, spread evenly, no customer is refused.\n\
         To sell {} of one product, spread evenly, its reorder point must be at least {}, and its target stock above that: \
         `restock advise` computes both from real sales.\n",
        month(target),
        month(point),
        grouped(sold),
        grouped(needed),
    )
}

/// `1234567.0` as `1,234,567`.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            (grouped(7.0), grouped(1234.0), grouped(1_234_567.0)),
            ("7".into(), "1,234".into(), "1,234,567".into())
        );
    }

    #[test]
    fn a_volume_costs_the_month_and_its_share_of_the_mix() -> Result<()> {
        let calculator = Calculator::read()?;
        let mix = calculator.prices.cost(&(calculator.mix()? * 1e7), &items_of_use())?;
        let total = format!("| **total** | **{:.2}** |", mix + per_month(&calculator)?);
        let table = table(&calculator, 10_000_000)?;
        assert!(table.contains(&total), "{total} is not in\n{table}");
        Ok(())
    }

    #[test]
    fn the_limit_of_one_product_follows_from_its_stock_and_lead_time() -> Result<()> {
        let text = table(&Calculator::read()?, 10_000_000)?;
        // 50 in 40 s are 1.25 a second, 10 in 40 s are 0.25; ten million in 2,628,000 s are 3.8.
        for figure in ["at most 3,285,000 a month", "Up to 657,000,", "must be at least 153,"] {
            assert!(text.contains(figure), "{figure} is not in\n{text}");
        }
        Ok(())
    }
}
