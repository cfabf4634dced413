//! Times for people.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};

/// The time zone in which times are printed.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
    name: String,
}

impl Zone {
    /// The zone of this machine. UTC if it is not known.
    pub fn of_reader() -> Self {
        let zone = TimeZone::system();
        match zone.iana_name().map(str::to_owned) {
            Some(name) => Self { zone, name },
            None => Self::utc(),
        }
    }

    /// UTC.
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, name: "UTC".to_owned() }
    }

    /// `Asia/Seoul` or `UTC`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `2026-11-22 19:00:00`, from the milliseconds since 1970.
    pub fn time(&self, milliseconds: i64) -> String {
        match Timestamp::from_millisecond(milliseconds) {
            Ok(time) => self.second(time),
            Err(_) => format!("{milliseconds} ms after 1970"),
        }
    }

    /// `2026-11-22 19:00:00`, from a UTC time of the database or of AWS such as `2026-11-22 10:00:00.5` or
    /// `2026-11-22T10:00:00Z`. A text that is no time is returned as it is.
    pub fn of_utc(&self, text: &str) -> String {
        match parsed(text) {
            Some(time) => self.second(time),
            None => text.to_owned(),
        }
    }

    fn second(&self, time: Timestamp) -> String {
        time.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

fn parsed(text: &str) -> Option<Timestamp> {
    let utc = format!("{}Z", text.trim_end_matches('Z').replace(' ', "T"));
    utc.parse().ok()
}

/// A duration in its two largest units: `2d 3h`, `3m 20s`, `12s`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
    let first = units.iter().position(|(_, length)| seconds >= *length).unwrap_or(3);
    let mut left = seconds;
    let mut parts = Vec::new();
    for (unit, length) in units.iter().skip(first).take(2) {
        let number = left / length;
        left %= length;
        if number > 0 || parts.is_empty() {
            parts.push(format!("{number}{unit}"));
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_database_and_one_of_aws_are_read_alike() {
        let zone = Zone::utc();
        for text in ["2026-11-22 10:00:00.5", "2026-11-22T10:00:00Z", "2026-11-22 10:00:00"] {
            assert_eq!(zone.of_utc(text), "2026-11-22 10:00:00");
        }
        assert_eq!(zone.of_utc("yesterday"), "yesterday");
    }

    #[test]
    fn a_time_is_shown_in_the_zone_of_its_reader() {
        let seoul = TimeZone::fixed(jiff::tz::offset(9));
        let zone = Zone { zone: seoul, name: "Asia/Seoul".to_owned() };
        assert_eq!(zone.of_utc("2026-11-22 20:00:00"), "2026-11-23 05:00:00");
        assert_eq!(zone.time(0), "1970-01-01 09:00:00");
    }

    #[test]
    fn a_duration_has_its_two_largest_units() {
        let of = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(
            [of(0), of(12), of(200), of(3_600), of(97_200)],
            ["0s", "12s", "3m 20s", "1h", "1d 3h"]
        );
    }
}
