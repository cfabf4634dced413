use super::tables::{Bucket, Database};

impl Database {
    /// The stock of the product: the sum of its buckets. One statement reads all buckets, so the sum is the stock
    /// at one moment.
    pub fn stock(&self) -> i8 {
        self.buckets.iter().map(|bucket| bucket.stock).sum()
    }

    /// Spreads goods that arrived over the buckets in use. With `stock_only`, writes no movements.
    pub(super) fn spread(&mut self, goods: i8, stock_only: bool) {
        let in_use = self.buckets_in_use;
        for (number, bucket) in (0..in_use).zip(&mut self.buckets) {
            let share = share(goods, number, in_use);
            bucket.stock += share;
            bucket.moved += if stock_only { 0 } else { share };
        }
    }

    /// `set_buckets`: one transaction that locks the product and all its buckets. Adds the missing rows and moves
    /// goods between the buckets, until all buckets in use hold the same. Keeps the rows that are no longer in use.
    pub fn set_buckets(&mut self, in_use: u8) {
        let stock = self.stock();
        let rows = self.buckets.len().max(in_use.into());
        self.buckets.resize(rows, Bucket::EMPTY);
        self.buckets_in_use = in_use;
        for (number, bucket) in (0..).zip(&mut self.buckets) {
            let share = if number < in_use { share(stock, number, in_use) } else { 0 };
            bucket.moved += share - bucket.stock;
            bucket.stock = share;
        }
    }
}

/// The share of one bucket when goods are spread evenly. The remainder goes to the first buckets.
fn share(goods: i8, number: u8, buckets: u8) -> i8 {
    let (number, buckets) = (number as i8, buckets as i8);
    goods.div_euclid(buckets) + i8::from(number < goods.rem_euclid(buckets))
}
